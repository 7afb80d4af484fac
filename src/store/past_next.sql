-- The day on which the next version of feature ?2 of layer ?1 after day ?3 begins.
SELECT min(valid_from)
FROM xiangtu_past
WHERE layer = ?1 AND id = ?2 AND valid_from > ?3 AND valid_to > valid_from;
