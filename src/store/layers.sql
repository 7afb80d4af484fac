-- All layers, in the order in which they were made; the last columns are the latest event of each and its first import's day.
SELECT name, kind, title_zh, title_en, foreign_attributes, key_column, change, data_date,
    (SELECT coalesce(max(seq), 0) FROM xiangtu_event WHERE layer = name),
    (SELECT min(effective_on) FROM xiangtu_import WHERE layer = name)
FROM xiangtu_layer
ORDER BY xiangtu_layer.seq;
