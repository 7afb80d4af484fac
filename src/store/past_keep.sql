-- ?1: layer, ?2: feature, ?3 and ?4: from and to, ?5: geometry, ?6: attributes, ?7: the import that displaced it.
INSERT INTO xiangtu_past (layer, id, valid_from, valid_to, geom, attributes, import)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
