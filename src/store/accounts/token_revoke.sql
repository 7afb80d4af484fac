DELETE FROM token WHERE name = ?1 RETURNING account;
