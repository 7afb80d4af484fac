# The ledger: events, quantities, issues.
event-unknown = Nothing called "{ $value }" can be recorded of a { $kind }; there are: { $known }.
field-value = Field { $field } cannot be "{ $value }"; accepted: { $accepted }.
quantity-malformed = The quantity "{ $value }" does not read; write it like "4309方", "约30公里", "550余吨" or "12.5 m3".
unit-unknown = There is no unit "{ $value }"; there are: { $known }.
layer-unknown = There is no layer "{ $layer }".
request-key-reused = The idempotency key "{ $value }" was used for another request; take a new one.
store-newer = The store was written by a newer Xiangtu (schema { $version }); this one knows up to { $known }. Open it with the newer one.
