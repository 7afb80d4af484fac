-- Appends an event.
INSERT INTO xiangtu_event
    (recorded_at, effective_on, author, done_by, layer, feature, event, note, quantity, unit, qualifier,
     lng, lat, at_lng, at_lat, village, private, evidence, fields, sets, geom, presence, undoes, import, number)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25);
