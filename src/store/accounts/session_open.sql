INSERT INTO session (digest, account, opened_at, used_at, peer) VALUES (?1, ?2, ?3, ?3, ?4);
