-- The version of feature ?2 of layer ?1 that held on day ?3.
SELECT seq, valid_to, geom, attributes
FROM xiangtu_past
WHERE layer = ?1 AND id = ?2 AND valid_from <= ?3 AND valid_to > ?3;
