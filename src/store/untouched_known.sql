-- Rows to which nothing has happened, that held on day ?1 and whose import had been made by instant ?2. ?3: the layer.
WHERE xiangtu_from <= ?1
    AND coalesce((SELECT recorded_at <= ?2 FROM xiangtu_import WHERE seq = xiangtu_source), 1)
    AND id NOT IN (SELECT feature FROM xiangtu_event WHERE layer = ?3)
