# 工作台账导入
flaw-future-day = “{ $field }”的值“{ $value }”还没有到
log-layer-unknown = 没有“{ $value }”这个图层，现有：{ $known }
log-object-unknown = “{ $layer }”里没有“{ $value }”
log-object-several = 叫“{ $value }”的有 { $count } 个，请写编号：{ $known }
log-place-missing = 新增“{ $value }”要写经纬度
log-field-unknown = “{ $event }”没有“{ $field }”这一项（值“{ $value }”），有：{ $known }
log-unit = “{ $event }”不能按“{ $value }”计，可用的单位：{ $known }
log-columns = { $file } 不是工作台账：缺少列 { $missing }；现有的列：{ $columns }
cli-log = { $file }：记录 { $recorded } 条，先前已记 { $known } 条，退回 { $refused } 条
cli-log-flaws = { $file }：退回的行见 { $flaws }
cli-log-foreign = { $file }：没有事项用到的列，未导入：{ $columns }
cli-record-from = 工作台账文件：列有编号、日期、图层、对象、事项、数量、单位、责任人、说明和各事项的字段
cli-record-crs = 台账里经纬度的坐标系
cli-record-encoding = 台账的文字编码
cli-record-series = 台账的册名：几本台账都从 1 编起时用它分开
