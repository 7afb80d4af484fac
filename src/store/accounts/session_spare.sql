-- Of an account's sessions, all but the ?2 used last.
DELETE FROM session
WHERE account = ?1
    AND digest NOT IN (SELECT digest FROM session WHERE account = ?1 ORDER BY used_at DESC, opened_at DESC LIMIT ?2);
