# 服务范围：名称、问题、算法、参数、结果属性和数字的名称。
service-areas = 服务范围
    .question = 设施的服务范围有多大？哪些地方、哪些路段够得着？每处设施各管多大一片？
    .method = 与“设施覆盖缺口”同一算法，列出的正是那里扣除的部分。只计在用的设施：已拆除、已撤销、停用、损坏的不计，拟建和在建的只在选“含拟建”时计入。直线距离：从设施的边线起在椭球面上量，距离不超过服务距离（≤）的算够得着。沿道路：路长按椭球面长度计，设施就近接到道路上，两头离开道路步行的距离都计入，每头不超过“离路步行”的限度。按车程：只算在道路上行驶的时间，不超过限定车程（≤）的算够得着，各路段按该路的限速行驶，没有填写的按道路等级取常用车速，单行道一律按单行方向。“地面”按村列出村域里够得着的部分，面积按椭球面积计算，不足 1 平方米的不列；“路段”列出够得着的路段，各等级的路都计，起止从该条道路画线的起点量起，在服务距离处截断，相接的并成一段，不足 1 厘米的不列，离最近设施的距离量自路段中点。“逐个设施”列出每处设施单独够得着的一片，按没有别的设施算，各片可以重叠；沿道路、按车程时同时给出它到道路的距离和够得着的路长。
service-areas-facility = 设施
service-areas-where = 只计这些设施
service-areas-show = 显示
service-areas-reach = 服务距离
service-areas-measure = 距离的算法
service-areas-minutes = 车程
service-areas-planned = 计入的设施
service-areas-off_road = 离路步行
service-areas-oneway = 单行道

page-tab-service-areas = 范围
page-head-service-areas = { $measure_is ->
    [drive] 离{ $facility }车程{ $minutes }以内的{ $show_is ->
        [roads] 路段
        [facilities] 地方，逐个设施
       *[other] 地方
     }
   *[other] 离{ $facility }{ $reach }以内的{ $show_is ->
        [roads] 路段
        [facilities] 地方，逐个设施
       *[other] 地方
     }
 }

property-reached_m2 = 够得着的面积
property-reached_share = 够得着的比例
property-reached_m = 够得着的长度

option-ground = 地面
option-roads = 路段
option-facilities = 逐个设施

figure-reached_km2 = 够得着的面积
figure-reached_share = 够得着的比例
figure-reached_road_km = 够得着的路长
figure-villages_reached = 够得着的村
figure-stretches = 路段
figure-reached_least_km2 = 最小的一片
figure-reached_most_km2 = 最大的一片

service-areas-several-layers = “逐个设施”一次只看一个图层的设施。请只选一个设施图层，分次查看
