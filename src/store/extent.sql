-- ?1: the layer, ?2 … ?5: west, south, east, north.
UPDATE gpkg_contents
SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5, last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
WHERE table_name = ?1;
