-- One file of an import that changed something.
INSERT INTO xiangtu_import
    (layer, file, sha256, effective_on, recorded_at, author, added, changed, unchanged, absent, refused, repaired)
VALUES (?1, ?2, ?3, ?4, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?5, ?6, ?7, ?8, ?9, ?10, ?11);
