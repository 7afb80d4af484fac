# 公路沿线：逐段逐侧的控制区、问题、门前三包和巡查。
corridor = 公路沿线
    .question = 公路沿线每一段是什么情况？
    .method = 道路按桩号分段（见“道路桩号”的算法），每段分左右两侧，左右按桩号增加方向看。建筑控制区从公路用地外缘起量，不从中心线起量：有公路用地图斑的从图斑边线量，没有的从估算的外缘量，并注明“估算”；估算的外缘是路面半宽（图层未填的按等级取缺省值）加路肩、边沟再加公路法第三十四条的 1 米，缺省值见 maps/roads，不是规定。控制区宽度默认按道路等级取《公路安全保护条例》第十一条的下限：高速公路 30 米、国道 20 米、省道 15 米、县道 10 米、乡道 5 米；村道国家没有规定，按山东、河南的 3 米；填了宽度的按填的算。图斑写明属于别的路的不用。控制区按段横切，弯道处不重叠、不留空隙，面积按椭球面积计算。问题、单位、养殖场和其他设施按边线到公路用地外缘的椭球面距离不超过控制区宽度（≤）的计，公路用地上的也计；每处只计一次，计在离道路最近的那一段，正在段界上的计入后一段，正在中心线上的计入右侧，道路起点之前和终点之后的不计。问题和沿街单位写明所在道路的以写明的为准：是这条路的，离路 200 米以内都计；是别的路的不计。问题按查看日期的状态分在办和已销号（含回头看保持），退回的和位置不公开的不计。三包责任书已签订、已续签、违约的算已签，其余算未签。轨迹在 30 米以内伴行达到路段长度一半的算一次巡查；查看日期之后的不计，距上次巡查的天数超过设定天数或从未巡查的算未巡查，两侧相同。已拆除、已搬迁、已撤销的不计。没有指定道路时取巡查记录里写得最多的路。
corridor-road = 道路（名称或编号）
corridor-section = 路段长度
corridor-zone = 控制区宽度（0：法定）
corridor-days = 巡查期限

property-basis = 外缘依据
property-zone_m = 控制区宽度
property-zone_m2 = 控制区面积
property-issues = 在办问题
property-issues_closed = 已销号问题
property-illegal = 在办违建
property-frontages = 沿街单位
property-contracts = 已签责任书
property-unsigned = 未签责任书
property-farms = 养殖场
property-structures = 其他设施

option-parcels = 公路用地图斑
option-partly = 部分有图斑

figure-issues = 在办问题
figure-unsigned = 未签责任书
figure-signed_share = 签订率
figure-frontages = 沿街单位
figure-contracts = 已签责任书
figure-issues_closed = 已销号问题
figure-illegal = 在办违建
figure-structures = 控制区内其他设施
figure-estimated_km = 外缘为估算的长度
figure-zone_m = 控制区宽度
figure-zone_law = 宽度依据

corridor-no-distance = { $road } 没有填写道路等级，或这个等级没有规定控制区宽度，请填写控制区宽度

page-head-corridor = { $road }沿线，每{ $section }一段
page-strip = 沿线条形图：左右方向键逐段移动，上下方向键换侧
page-strip-key = 图例
page-strip-patrolled = 期限内巡查过
page-strip-unpatrolled = 未巡查
page-strip-estimated = 外缘为估算
page-strip-section = { $from }–{ $to } { $side }：在办问题 { $issues }，未签 { $unsigned }，最近巡查 { $patrol }
page-unit-front = 家
page-unit-unsigned = 家未签
page-search-chainage = 桩号
figure-edge_basis = 估算外缘的依据
page-strip-sides = 上为左侧，下为右侧
