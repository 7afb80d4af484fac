# The ledger: events, quantities, issues.
event-unknown = Nothing called "{ $value }" can be recorded of a { $kind }; there are: { $known }.
field-value = Field { $field } cannot be "{ $value }"; accepted: { $accepted }.
quantity-malformed = The quantity "{ $value }" does not read; write it like "4309方", "约30公里", "550余吨" or "12.5 m3".
unit-unknown = There is no unit "{ $value }"; there are: { $known }.
layer-unknown = There is no layer "{ $layer }".
request-key-reused = The idempotency key "{ $value }" was used for another request; take a new one.
store-newer = The store was written by a newer Xiangtu (schema { $version }); this one knows up to { $known }. Open it with the newer one.
feature-exists = { $collection } has { $id } already, or had it once; what was withdrawn can be restored.
feature-present = { $id } is not withdrawn.
feature-id = "{ $value }" cannot be an id: not empty, no blanks around it, no control characters, at most 200 characters.
edit-conflict = { $id } of { $collection } has been changed since you read it; both versions are in this answer: merge them and save again.
if-match-missing = An edit takes If-Match with the version that it was made from (the ETag of your reading).
if-match-malformed = If-Match "{ $value }" does not read; "…" or * is accepted.
request-key-malformed = An Idempotency-Key has 1 to { $limit } characters.
member-unknown = There is no member { $field }; there are: { $known }.
events-missing = The array "events" is missing.
rows-refused = { $count } cannot be recorded, and none was; the reasons are in "rows".
event-in-future = { $value } is later than today ({ $today }); what has not happened yet cannot be recorded.
event-needs-proof = "{ $event }" takes a note or a photograph.
event-not-here = { $id } has no event "{ $value }".
event-undone-already = Event { $value } has been undone already.
import-not-undone = Event { $value } comes from an import and cannot be undone; correct the file and import it again, or edit the feature.
undo-not-own = Event { $value } was recorded by somebody else; only its author or those who work everywhere can undo it.
undo-not-last = { $later } came after event { $value }; undo that first.
field-unknown = "{ $event }" has no field { $field }; there are: { $known }.
field-missing = "{ $event }" needs the field { $field }.
field-pair = "{ $value }" should be FIELD=VALUE.
unit-not-for-event = "{ $event }" is not counted in { $value }; units: { $known }.
note-too-long = A note has at most { $limit } characters.
position-malformed = The position "{ $value }" is no longitude and latitude.
transition-not-allowed = "{ $event }" cannot follow on the state "{ $status }"; it takes: { $known }.
transition-too-early = { $value } is before the step before it ({ $earliest }).
same-person = "{ $event }" cannot be done by who did "{ $judged }" ({ $value }).
property-unknown = There is no property { $field }; there are: { $known }.
property-by-event = Property { $field } is set by "{ $event }" and the like, not by hand.
geometry-malformed = The geometry cannot be used: { $reason ->
    [flaw-empty] no coordinates, or no GeoJSON geometry
    [flaw-not-finite] a coordinate is no number
    [flaw-out-of-range] a coordinate is out of range
    [flaw-too-few-points] too few points
    [flaw-invalid] edges cross, or a hole lies outside
    [flaw-no-area] no area
   *[other] it cannot be repaired
}.
geometry-kind = A { $kind } cannot be a { $value }; it can be: { $known }.
finding-without-place = { $id } has no place and cannot be dispatched.
log-row-changed = Number { $number } of the log was recorded with another content; correct it under a new number, or undo the old event; if this is another log, tell them apart with --series.
qualifier-exact = exact
qualifier-approx = about
qualifier-at-least = at least
