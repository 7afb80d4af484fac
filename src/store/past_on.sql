-- ?1: the layer, ?2: the day. At most one version of a feature holds on a day.
SELECT geom, id, attributes
FROM xiangtu_past
WHERE layer = ?1 AND valid_from <= ?2 AND valid_to > ?2
ORDER BY seq;
