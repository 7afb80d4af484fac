-- The last ?1 of them, oldest first.
SELECT at, action, account, peer, subject, format, features
FROM (SELECT * FROM audit ORDER BY seq DESC LIMIT ?1)
ORDER BY seq;
