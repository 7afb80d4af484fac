# 台账：记录、数量、问题。
event-unknown = { $kind } 没有“{ $value }”这种记录，可用的有：{ $known }。
field-value = 字段 { $field } 的值“{ $value }”不能用，可用的有：{ $accepted }。
quantity-malformed = 数量“{ $value }”读不懂，应写成“4309方”“约30公里”“550余吨”这样。
unit-unknown = 不认识单位“{ $value }”，可用的有：{ $known }。
layer-unknown = 没有图层“{ $layer }”。
request-key-reused = 幂等键“{ $value }”已用于另一个请求，请换一个。
store-newer = 数据库由更新的乡图（结构 { $version }）写成，这一版只认得到 { $known }；请用新版打开。
feature-exists = { $collection } 中已有 { $id }，或它曾被撤销；撤销的可以“恢复”。
feature-present = { $id } 并未撤销。
feature-id = 编号“{ $value }”不能用：不能为空、不能有首尾空格和控制字符，最长 200 字。
edit-conflict = { $collection } 的 { $id } 在您读取之后已被别人改动；两个版本附在本答复中，请合并后再存。
if-match-missing = 修改须带 If-Match，写明您依据的版本（读取时的 ETag）。
if-match-malformed = If-Match“{ $value }”读不懂，应为 "…" 或 *。
request-key-malformed = Idempotency-Key 应为 1 到 { $limit } 个字符。
member-unknown = 不认识成员 { $field }，可用的有：{ $known }。
events-missing = 缺少 events 数组。
rows-refused = { $count } 条不能记录，全部未写入；各条原因见 rows。
event-in-future = 日期 { $value } 晚于今天（{ $today }），还没有发生的事不能记录。
event-needs-proof = “{ $event }”须附说明或照片。
event-not-here = { $id } 没有编号为“{ $value }”的记录。
event-undone-already = 记录 { $value } 已经撤回。
import-not-undone = 记录 { $value } 来自导入，不能撤回；请改正文件后重新导入，或直接修改。
undo-not-own = 记录 { $value } 不是您登记的，只有登记人或管理人员可以撤回。
undo-not-last = 记录 { $value } 之后还有 { $later }，请先撤回后面的。
field-unknown = “{ $event }”没有字段 { $field }，可用的有：{ $known }。
field-missing = “{ $event }”须填字段 { $field }。
field-pair = “{ $value }”应写成 字段=值。
unit-not-for-event = “{ $event }”不用单位“{ $value }”，可用的有：{ $known }。
note-too-long = 说明最长 { $limit } 字。
position-malformed = 位置“{ $value }”不是经纬度。
transition-not-allowed = 状态为“{ $status }”时不能“{ $event }”；须先处于：{ $known }。
transition-too-early = 日期 { $value } 早于上一步的日期 { $earliest }。
same-person = “{ $event }”不能由完成“{ $judged }”的同一人（{ $value }）办理。
property-unknown = 没有属性 { $field }，可用的有：{ $known }。
property-by-event = 属性 { $field } 由“{ $event }”等环节设定，不能直接修改。
geometry-malformed = 图形不能用：{ $reason ->
    [flaw-empty] 没有坐标，或不是 GeoJSON 图形
    [flaw-not-finite] 坐标不是数
    [flaw-out-of-range] 坐标超出经纬度范围
    [flaw-too-few-points] 点数太少
    [flaw-invalid] 边界自相交或孔洞在外
    [flaw-no-area] 没有面积
   *[other] 无法修复
}。
geometry-kind = { $kind } 不能是 { $value }，可用的有：{ $known }。
finding-without-place = { $id } 没有位置，不能派发。
log-row-changed = 台账第 { $number } 号已按另一内容记录过；改正请另起一号，或撤回原记录；若是另一本台账，请用 --series 分册。
qualifier-exact = 准确
qualifier-approx = 约
qualifier-at-least = 余
