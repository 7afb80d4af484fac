-- All layers, in the order in which they were made.
SELECT name, kind, title_zh, title_en, foreign_attributes, key_column, change, data_date
FROM xiangtu_layer
ORDER BY seq;
