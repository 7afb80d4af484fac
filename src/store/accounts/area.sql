INSERT OR IGNORE INTO area (account, kind, feature) VALUES (?1, ?2, ?3);
