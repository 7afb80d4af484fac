-- Who may come in, and what they did. Apart from the map's store, which is handed around.

CREATE TABLE account (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    -- PHC string: argon2id with its parameters and salt.
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
);

-- The places that somebody is responsible for: features of layers of kind `village` or `grid_cell`, by id.
CREATE TABLE area (
    account TEXT NOT NULL COLLATE NOCASE REFERENCES account (name),
    kind TEXT NOT NULL CHECK (kind IN ('village', 'grid_cell')),
    feature TEXT NOT NULL,
    PRIMARY KEY (account, kind, feature)
) WITHOUT ROWID;

-- Seconds since 1970 are UTC. Only the digest of a session's secret is kept: the file opens no door.
CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    account TEXT NOT NULL COLLATE NOCASE REFERENCES account (name),
    opened_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    peer TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX session_account ON session (account);

CREATE TABLE token (
    digest BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL COLLATE NOCASE REFERENCES account (name),
    created_at TEXT NOT NULL,
    -- Null: until it is revoked.
    expires_at INTEGER
) WITHOUT ROWID;

-- What happened: append-only.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    -- Who did it; empty where that is not known.
    account TEXT NOT NULL DEFAULT '',
    -- From where: an address, or `cli`.
    peer TEXT NOT NULL DEFAULT '',
    -- To what: another account, a token's name, a collection.
    subject TEXT NOT NULL DEFAULT '',
    format TEXT NOT NULL DEFAULT '',
    features INTEGER
);

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
