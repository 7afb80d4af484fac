INSERT INTO audit (at, action, account, peer, subject, format, features) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
