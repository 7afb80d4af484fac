# 台账：记录、数量、问题。
event-unknown = { $kind } 没有“{ $value }”这种记录，可用的有：{ $known }。
field-value = 字段 { $field } 的值“{ $value }”不能用，可用的有：{ $accepted }。
quantity-malformed = 数量“{ $value }”读不懂，应写成“4309方”“约30公里”“550余吨”这样。
unit-unknown = 不认识单位“{ $value }”，可用的有：{ $known }。
layer-unknown = 没有图层“{ $layer }”。
request-key-reused = 幂等键“{ $value }”已用于另一个请求，请换一个。
store-newer = 数据库由更新的乡图（结构 { $version }）写成，这一版只认得到 { $known }；请用新版打开。

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
