# The ledger: events, quantities, issues.
event-unknown = Nothing called "{ $value }" can be recorded of a { $kind }; there are: { $known }.
field-value = Field { $field } cannot be "{ $value }"; accepted: { $accepted }.
quantity-malformed = The quantity "{ $value }" does not read; write it like "4309方", "约30公里", "550余吨" or "12.5 m3".
unit-unknown = There is no unit "{ $value }"; there are: { $known }.
layer-unknown = There is no layer "{ $layer }".
request-key-reused = The idempotency key "{ $value }" was used for another request; take a new one.
store-newer = The store was written by a newer Xiangtu (schema { $version }); this one knows up to { $known }. Open it with the newer one.

# Cross-foot
check-holds = holds
check-broken = broken
check-nothing = nothing
check-yes = yes
check-no = no
check-never = { $title }: { $values }
check-part-none = In none of the parts: { $values }
check-part-twice = Both in “{ $title }” and in “{ $other }”: { $values }
check-without = Counted as “{ $title }” and not as “{ $other }”: { $values }
check-afterwards = Followed by more
check-after = “{ $title }” on { $on }, after “{ $other }” on { $before }
checks-broken = The figures do not agree: { $count } of { $of } checks are broken
