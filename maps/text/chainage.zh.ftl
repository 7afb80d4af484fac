# 桩号：点到桩号、桩号到点。
chainage = 道路桩号
    .question = 这个点是几公里几百米？这个桩号在哪里？
    .method = 桩号沿道路中心线按椭球面长度量取，从地图声明（map.toml 的 chainage）的起点桩号起，朝声明的方向增加；没有声明而各路段都填了起止点桩号的，在每段两端桩号之间按长度比例推算；都没有的，以西端为 K0+000 推算，并注明“推算”。声明了多处里程碑（stones，按桩号前进的次序）的，相邻两碑之间按长度比例推算，首碑之前、末碑之后按实长推算；相邻两碑沿路的距离与桩号之差不符，超过20%且超过20米的，视为矛盾，不作答。断链处桩号跳变：短链跳过的桩号不存在，长链重复的桩号有两处，都列出；断链点本身取继续前进的桩号。路段首尾相距不超过 1 米的算相接，与绘制的先后和方向无关；已声明的道路在三条以上相交处取最顺直的走向，5 公里以内的缺口按直线长度计入，缺口里没有桩号位置。并行在 60 米以内、伴行长度过半的另一条线是另一幅路，不单独编桩号，两幅合为一条路（以先绘入的上行幅或较长的一幅为准）。环路从声明的起点起，没有声明时从最西的角起。点到桩号取中心线上最近的一点（一样近时取桩号增加方向上靠前的），左右按桩号增加方向看，偏距是点到该处的椭球面距离，距中心线不超过 1 毫米的算在线上；点在起点之前或终点之后的，给端点的桩号并注明。点离道路超过 20 公里的不答。既不给点也不给桩号时，列出全路各段的起止桩号和长度。
chainage-road = 道路（名称或编号）
chainage-point = 地点
chainage-at = 桩号

property-chainage = 桩号
property-chainage_to = 止点桩号
property-length_m = 长度
property-side = 侧
property-offset_m = 偏距
property-beyond = 超出端点
property-numbered_by = 桩号来源

option-left = 左侧
option-right = 右侧
option-axis = 中心线上
option-declared = 地图声明
option-recorded = 道路图层
option-assumed = 推算（西端为零）

figure-chain_breaks = 断链

chainage-nowhere = 桩号 { $value } 在这条路上没有位置，现有：{ $known }
chainage-too-far = 这个地点离道路超过 { $km } 公里
chainage-start-astray = map.toml 中 { $road } 的桩号起点离道路超过 { $metres } 米，请改 start
chainage-undirected = map.toml 中 { $road } 的桩号方向看不出来，towards 应是路上离起点较远、桩号增加方向上的一点
chainage-break-astray = map.toml 中 { $road } 的断链 { $at } = { $continues } 与起点桩号或前后的断链矛盾
chainage-stone-astray = map.toml 中 { $road } 的里程碑 { $at } 离道路超过 { $metres } 米，请改 stones
chainage-stones-contradict = map.toml 中 { $road } 的里程碑 { $at } 与 { $next } 矛盾：沿路相距 { $metres } 米（应按桩号前进的次序列出；其间有断链的，请在 break 里声明）
parameter-not-chainage = 参数 { $parameter } 应是桩号，写成 K12+300，收到的是“{ $value }”

page-tab-chainage = 桩号
page-head-chainage = { $road }的桩号
page-unit-break = 处
