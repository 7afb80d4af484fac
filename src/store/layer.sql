-- A layer's table. The columns of its attributes are added one by one after it.
CREATE TABLE {table} (
    fid INTEGER PRIMARY KEY AUTOINCREMENT,
    geom GEOMETRY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    -- The day from which this version of the feature holds.
    xiangtu_from DATE NOT NULL,
    -- The import that first brought it; 0 where none did.
    xiangtu_source INTEGER NOT NULL DEFAULT 0
);

CREATE VIRTUAL TABLE {rtree} USING rtree(id, minx, maxx, miny, maxy);
