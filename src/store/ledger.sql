-- What was done about features: the ledger, append-only.
CREATE TABLE xiangtu_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The instant (UTC) at which it was recorded, and the day on which it took effect.
    recorded_at TEXT NOT NULL,
    effective_on DATE NOT NULL,
    -- Who recorded it, and who did it where that is somebody else.
    author TEXT NOT NULL,
    done_by TEXT NOT NULL,
    layer TEXT NOT NULL,
    feature TEXT NOT NULL,
    event TEXT NOT NULL,
    note TEXT NOT NULL,
    quantity REAL,
    unit TEXT,
    qualifier TEXT,
    -- Where whoever recorded it stood; and where the feature lies.
    lng REAL,
    lat REAL,
    at_lng REAL,
    at_lat REAL,
    village TEXT NOT NULL,
    -- Whether the place is personal.
    private INTEGER NOT NULL,
    -- SHA-256 of the files, a JSON array.
    evidence TEXT NOT NULL,
    -- What was filled in beside: field to value, as JSON.
    fields TEXT NOT NULL,
    -- What it changes: attribute to value (null: to nothing), a shape, whether the feature is there (1, 0), an event revoked.
    sets TEXT NOT NULL,
    geom BLOB,
    presence INTEGER,
    undoes INTEGER REFERENCES xiangtu_event (seq),
    -- The import that it comes from, and its own number in the log that it was taken from.
    import INTEGER REFERENCES xiangtu_import (seq),
    number TEXT UNIQUE
);

CREATE INDEX xiangtu_event_feature ON xiangtu_event (layer, feature, seq);
CREATE INDEX xiangtu_event_layer ON xiangtu_event (layer, seq);
CREATE INDEX xiangtu_event_day ON xiangtu_event (effective_on);
CREATE INDEX xiangtu_event_undoes ON xiangtu_event (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER xiangtu_event_stays BEFORE UPDATE ON xiangtu_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER xiangtu_event_keeps BEFORE DELETE ON xiangtu_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

-- What a feature was when a file first brought it, kept from the moment when something happened to it: append-only too.
CREATE TABLE xiangtu_base (
    layer TEXT NOT NULL,
    id TEXT NOT NULL,
    valid_from DATE NOT NULL,
    geom BLOB NOT NULL,
    -- Attribute to value, as JSON; what is null is left out.
    attributes TEXT NOT NULL,
    -- The import that brought it; 0: one that an older Xiangtu did not note.
    import INTEGER NOT NULL,
    PRIMARY KEY (layer, id)
) WITHOUT ROWID;

CREATE TRIGGER xiangtu_base_stays BEFORE UPDATE ON xiangtu_base
BEGIN SELECT RAISE(ABORT, 'the base of the log is append-only'); END;

CREATE TRIGGER xiangtu_base_keeps BEFORE DELETE ON xiangtu_base
BEGIN SELECT RAISE(ABORT, 'the base of the log is append-only'); END;

-- Past versions of features, good on valid_from <= day < valid_to. What the fold of base and events comes to: it can be
-- made anew from them at any time, as the layers' own rows can.
CREATE TABLE xiangtu_past (
    layer TEXT NOT NULL,
    id TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    geom BLOB NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (layer, id, valid_from)
) WITHOUT ROWID;

CREATE INDEX xiangtu_past_days ON xiangtu_past (layer, valid_from, valid_to);

-- Requests already answered, by whoever made them, so that a retried one writes once.
CREATE TABLE xiangtu_request (
    author TEXT NOT NULL,
    key TEXT NOT NULL,
    -- A fingerprint of what was asked, and the events that it came to, a JSON array.
    asked TEXT NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (author, key)
) WITHOUT ROWID;
