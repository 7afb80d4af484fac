-- Sessions that have expired. ?1: opened after; ?2: used after.
DELETE FROM session WHERE opened_at <= ?1 OR used_at <= ?2;
