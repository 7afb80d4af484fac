SELECT name, account, created_at, expires_at FROM token ORDER BY created_at, name;
