# Work logs
flaw-future-day = “{ $value }” in “{ $field }” is a day to come
log-layer-unknown = There is no layer “{ $value }”; there are: { $known }
log-object-unknown = “{ $layer }” has no “{ $value }”
log-object-several = { $count } are called “{ $value }”; write the number of the one that is meant: { $known }
log-place-missing = To make “{ $value }” takes longitude and latitude
log-field-unknown = “{ $event }” has no “{ $field }” (“{ $value }”); it has: { $known }
log-unit = “{ $event }” is not counted as “{ $value }”; its units are: { $known }
log-columns = { $file } is no work log: it has no column { $missing }; there are: { $columns }
cli-log = { $file }: { $recorded } recorded, { $known } recorded before, { $refused } handed back
cli-log-flaws = { $file }: the rows handed back are in { $flaws }
cli-log-foreign = { $file }: columns that no event has a use for were not taken in: { $columns }
cli-record-from = a work log: columns 编号, 日期, 图层, 对象, 事项, 数量, 单位, 责任人, 说明, and one for each field of an event
cli-record-crs = the reference of the log's coordinates
cli-record-encoding = the log's encoding
cli-record-series = the series that the numbers belong to, where several logs each begin with 1
