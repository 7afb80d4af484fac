# 勾稽
check-holds = 相符
check-broken = 不符
check-nothing = 空
check-yes = 是
check-no = 否
check-never = { $title }：{ $values }
check-part-none = 不属于任何一项：{ $values }
check-part-twice = 同时属于“{ $title }”和“{ $other }”：{ $values }
check-without = 算入“{ $title }”，却不在“{ $other }”之内：{ $values }
check-afterwards = 之后又有别的记录
check-after = { $before }“{ $other }”之后，{ $on } 又有“{ $title }”
checks-broken = 勾稽不符：{ $of } 项中有 { $count } 项
