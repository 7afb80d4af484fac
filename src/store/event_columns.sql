SELECT seq, recorded_at, effective_on, author, done_by, layer, feature, event, note, quantity, unit, qualifier,
    lng, lat, at_lng, at_lat, village, private, evidence, fields, sets, geom, presence, undoes, import, number
FROM xiangtu_event
