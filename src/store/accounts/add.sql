INSERT INTO account (name, role, password, created_at) VALUES (?1, ?2, ?3, ?4);
