-- The features of layer ?1 with events behind place ?2 in the log, and the first day on which they may differ: an event's own,
-- or that of the event that it revokes.
SELECT event.feature, min(min(event.effective_on, coalesce(undone.effective_on, event.effective_on)))
FROM xiangtu_event AS event
LEFT JOIN xiangtu_event AS undone ON undone.seq = event.undoes
WHERE event.layer = ?1 AND event.seq > ?2
GROUP BY event.feature;
