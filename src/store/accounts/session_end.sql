-- All sessions of an account.
DELETE FROM session WHERE account = ?1;
