# 选址
siting = 设施选址
    .question = 新增的设施建在哪里最合适？
    .method = 服务对象是图上在册的住户，每户算一户（也可按人口）；图上没有住户时，用各村的户数，放在村域内的一个代表点上，并注明“各村户数”。到设施的距离按椭球面上的直线、边到边量取；沿道路时，备选点和设施接到“离路步行”以内最近的道路；住户可在“离路步行”以内任一处直线走上道路，取最近的走法，相距在“离路步行”以内的也可直线走到；路程为步行加沿路距离，接不上或走不通的算够不着，单行道默认不分方向，可以选按单行方向（与“设施覆盖缺口”同一算法）；按车程时，只算在道路上行驶的时间，车速取该路的限速或设计时速，没有填写的按道路等级取常用车速（依《公路工程技术标准》JTG B01-2014估算），单行道按单行方向，接路距离只限远近、不计时间；不超过服务距离（按车程时为限定车程）（≤）的算够得着。备选点可取自指定图层；没有指定时，在村庄建设用地（图上没有时在村域）内按设定间距布方格点，方格点都落不进去的地块取其中一点。落在禁建图层上的备选点去掉；设了避让距离的，小于避让距离的也去掉，正好等于的保留。模型有四种：覆盖最多（MCLP），用给定处数让够得着的户数最多；全部覆盖（LSCP），用最少处数让能够着的都够得着，此时不看处数，任何备选点都够不着的另行列出；总路程最短（p-中值）；最远路程最短（p-中心），处数有余的用来缩短其余路程。保留现有设施时，现有设施照常服务。设了容量的，每处（含现有设施）最多服务这么多，一个村可以分到几处；新增户数即分到该处的户数。求解先用贪心和交换得到方案，再用拉格朗日松弛定界、剔除不可能的备选点，余下的由 HiGHS 精确求解；工作量按节点数和规模限定，不按时间，所以同样的问题总得到同样的答案。“与最优的差距”为 0 且“已证明最优”时，没有更好的方案；否则差距是最多还能改进的比例。次序按建成后新增最多排列，相同的按备选点编号。“新增户数”是建成这一处后新够得着的户数。涉及住户的路程取整到 10 米，车程取整到 0.1 分钟。
siting-facility = 设施
siting-where = 只计这些现有设施
siting-model = 目标
siting-n = 新增处数
siting-reach = 服务距离
siting-measure = 距离的算法
siting-minutes = 车程
siting-off_road = 离路步行
siting-oneway = 单行道
siting-keep = 保留现有设施
siting-forbid = 不能建的地方
siting-clearance = 避让距离
siting-candidates = 备选点图层
siting-spacing = 方格间距
siting-demand = 服务对象
siting-weight = 计数
siting-capacity = 每处容量（0 为不限）

option-mclp = 覆盖最多
option-lscp = 全部覆盖
option-p-median = 总路程最短
option-p-centre = 最远路程最短
option-yes = 是
option-no = 否
option-by-village = 各村户数
option-each = 按户
option-people = 按人口

property-site_rank = 次序
property-gain_households = 新增户数
property-gain_people = 新增人口
property-covered_households = 累计够得着
property-covered_share = 累计覆盖率
property-assigned_households = 就近户数
property-assigned_mean_m = 平均路程
property-assigned_mean_min = 平均车程
property-capacity_use = 容量占用
property-nearest_facility = 最近的现有设施
property-facility_m = 离现有设施
property-facility_min = 到现有设施的车程
property-candidate = 备选点

figure-sites = 新增
figure-gain_households = 新增户数
figure-covered_share = 建成后覆盖率
figure-covered_before = 现在覆盖率
figure-covered_households_before = 现在够得着
figure-covered_households = 建成后够得着
figure-households = 服务对象
figure-unreachable_households = 哪里建都够不着
figure-mean_m = 平均路程
figure-mean_min = 平均车程
figure-gap = 与最优的差距
figure-proven = 已证明最优
figure-candidates = 备选点
figure-barred = 不能建的备选点
figure-basis = 户数来源
figure-curve = 处数与效果

siting-no-demand = 没有可服务的对象：图上没有在册的住户，各村也没有填户数{ $weight ->
        [people] （人口）
       *[other] {""}
    }。
siting-no-candidates = 没有可选的点：备选点都在不能建的地方（去掉 { $barred } 处；不能建的图层：{ $forbid }）。可以减小方格间距（现为 { $spacing } 米）或少选几个禁建图层。
siting-too-many-candidates = 备选点太多（{ $count } 处，最多 { $most } 处），请加大方格间距，或指定备选点图层。
siting-too-large = 规模太大：{ $clients } 个服务对象与 { $candidates } 个备选点共 { $pairs } 对，最多 { $most } 对。请加大方格间距，或按各村户数计算。
siting-too-large-for-capacity = 考虑容量时规模太大：{ $clients } 个服务对象、{ $candidates } 个备选点。请加大方格间距，或按各村户数计算。
siting-too-little-capacity = 容量不够：每处 { $capacity }，最多能服务 { $places }，需要服务 { $demand }，且须在能够着的地方。请增加处数或容量。

page-head-siting = { $model_is ->
    [lscp] 让各户{ $measure_is ->
        [drive] { $minutes }车程
       *[other] { $reach }
     }内都有{ $facility }，最少建几处
    [p-median] 新建{ $n }{ $facility }，总{ $measure_is ->
        [drive] 车程
       *[other] 路程
     }最短
    [p-centre] 新建{ $n }{ $facility }，最远的也不远
   *[other] 新建{ $n }{ $facility }，{ $measure_is ->
        [drive] { $minutes }车程
       *[other] { $reach }
     }内服务最多户
 }
page-unit-site = 处
page-curve = 建几处合适
page-curve-point = { $n } 处：{ $share }
page-curve-way = { $n } 处：{ $way }
page-curve-share = 各处数能覆盖多少
page-curve-mean = 各处数的平均路程
page-curve-mean-drive = 各处数的平均车程
page-curve-farthest = 各处数的最远路程
page-curve-farthest-drive = 各处数的最远车程
