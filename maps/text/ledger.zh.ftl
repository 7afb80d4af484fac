# 台账：记录、数量、问题。
event-unknown = { $kind } 没有“{ $value }”这种记录，可用的有：{ $known }。
field-value = 字段 { $field } 的值“{ $value }”不能用，可用的有：{ $accepted }。
quantity-malformed = 数量“{ $value }”读不懂，应写成“4309方”“约30公里”“550余吨”这样。
unit-unknown = 不认识单位“{ $value }”，可用的有：{ $known }。
layer-unknown = 没有图层“{ $layer }”。
request-key-reused = 幂等键“{ $value }”已用于另一个请求，请换一个。
store-newer = 数据库由更新的乡图（结构 { $version }）写成，这一版只认得到 { $known }；请用新版打开。
