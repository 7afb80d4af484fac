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
