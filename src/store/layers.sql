-- All layers, in the order in which they were made; the last column is the latest event of each.
SELECT name, kind, title_zh, title_en, foreign_attributes, key_column, change, data_date,
    (SELECT coalesce(max(seq), 0) FROM xiangtu_event WHERE layer = name)
FROM xiangtu_layer
ORDER BY xiangtu_layer.seq;
