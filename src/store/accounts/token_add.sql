INSERT INTO token (digest, name, account, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5);
