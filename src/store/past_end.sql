-- Version ?1 ends on day ?2.
UPDATE xiangtu_past SET valid_to = ?2 WHERE seq = ?1;
