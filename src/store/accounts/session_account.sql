-- Whose session it is, while it is fresh. ?2: opened after; ?3: used after.
SELECT account, used_at FROM session WHERE digest = ?1 AND opened_at > ?2 AND used_at > ?3;
