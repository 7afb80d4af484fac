-- A new layer, or what changed of a known one; its name and kind stay.
INSERT INTO xiangtu_layer (name, kind, title_zh, title_en, foreign_attributes, key_column, change, data_date)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (name) DO UPDATE SET
    title_zh = excluded.title_zh,
    title_en = excluded.title_en,
    foreign_attributes = excluded.foreign_attributes,
    key_column = excluded.key_column,
    change = excluded.change,
    data_date = excluded.data_date;
