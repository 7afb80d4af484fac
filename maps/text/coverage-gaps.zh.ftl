# 设施覆盖缺口：名称、问题、算法、参数、结果属性和数字的名称。
coverage-gaps = 设施覆盖缺口
    .question = 哪些地方、哪些住户、哪些路段够不着设施？
    .method = 只计在用的设施：已拆除、已撤销、停用、损坏的不计，拟建和在建的只在选“含拟建”时计入；一处也没有时，全部算缺口。直线距离：从设施的边线起在椭球面上量，距离不超过服务距离（≤）的算够得着。沿道路：道路在共用的顶点处、一条路的端点落在另一条路上（相距不超过 1 米）处相接，只是交叉而没有共用顶点的算立交，不相通；路长按椭球面长度计；设施就近接到道路上，两头离开道路步行的距离都计入，每头不超过“离路步行”的限度，离设施不超过这个限度的也可以直接走到；地面和住户同一算法，取总路程最短的走法。按车程：时间只算在道路上行驶的时间，不超过限定车程（≤）的算够得着，各路段按该路的限速（没有填写的按设计时速）行驶，两者都没有的按道路等级取常用车速（高速100、国道和省道60、县道40、乡道30、村道20、田间路15公里/小时，依《公路工程技术标准》JTG B01-2014的设计速度估算，没有填写等级的按村道），单行道一律按单行方向；路口等候和掉头不计时间，两头离开道路的距离只限远近、不计时间。按村计算时，从村域里扣除够得着的地方，剩下的就是缺口，面积按椭球面积计算，不足 1 平方米的不计；“最大空白圆”是缺口里能放下的最大的圆，半径误差不超过 1 米，同时列出圆心和圆心离最近设施的距离。按户计算时，列出超过服务距离的住户和离最近设施的距离，沿道路计算的还列出离道路的距离；没有道路通到任何设施的注明“不通”。按道路计算时，列出够不着的路段，起止从该条道路画线的起点量起，在服务距离处截断，不足 1 厘米的不计，离最近设施的距离量自路段中点；没有填写等级的道路都计入。缺口户数有逐户数据时逐户数，没有时按缺口面积占全村的比例估算，并注明“估算”。
coverage-gaps-facility = 设施
coverage-gaps-where = 只计这些设施
coverage-gaps-demand = 服务对象
coverage-gaps-reach = 服务距离
coverage-gaps-measure = 距离的算法
coverage-gaps-minutes = 车程
coverage-gaps-planned = 计入的设施
coverage-gaps-off_road = 离路步行
coverage-gaps-oneway = 单行道
coverage-gaps-classes = 要覆盖的道路等级

page-tab-coverage-gaps = 缺口
page-head-coverage-gaps = { $measure_is ->
    [drive] 离{ $facility }车程超过{ $minutes }的{ $demand_is ->
        [households] 住户
        [road] 路段
       *[other] 地方
     }
   *[other] 离{ $facility }超过{ $reach }的{ $demand_is ->
        [households] 住户
        [road] 路段
       *[other] 地方
     }
 }

page-unreachable = 够不着

property-hole_radius_m = 最大空白圆半径
property-hole_nearest_m = 空白圆心离设施
property-hole_nearest_min = 空白圆心到设施的车程
property-nearest_min = 到最近设施的车程
property-hole_lng = 空白圆心经度
property-hole_lat = 空白圆心纬度
property-uncovered_m = 缺口长度
property-snap_m = 离道路
property-unreachable = 不通

option-road = 沿道路
option-drive = 按车程
option-existing = 仅在用
option-with_planned = 含拟建
option-ignored = 不分方向
option-obeyed = 按单行方向

figure-hole_radius_m = 最大空白圆半径
figure-uncovered_road_km = 缺口路长
figure-longest_gap_m = 最长缺口
figure-gaps = 缺口路段
figure-farthest_min = 最远车程
figure-speed_estimated_share = 车速为估算的路长占比
figure-speed_basis = 车速依据
figure-snap_farthest_m = 设施离道路最远
figure-facilities_off_road = 未接上道路的设施
figure-unreachable = 不通的住户
