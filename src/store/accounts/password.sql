UPDATE account SET password = ?2 WHERE name = ?1;
