# 网格检查：名称、问题、算法、参数、结果属性、数字的名称，以及页面上的话。
grid-check = 网格接边检查
    .question = 责任网格有没有空白、重叠、出村、错码？
    .method = 只查查看日期有效的网格和行政村，各层级（镇、村、片）分别检查，上下级套叠不算重叠。先接边：相距不超过接边容差（≤）的顶点并为一点，从顶点旁不超过容差处经过的边线引到该点上（长边按经纬度直线或大地线经过都算）；再在椭球面的局部平面内求交、求差，面积按椭球面积计算。空白：某村在某一层级已有网格，而该层级没有网格覆盖的村域。重叠：同一层级两个网格共有的地面。出村：村级、片级网格超出所属村的部分，落在别村的写明村名；镇级网格只查超出全镇的部分。所属村以所填村代码为准，其次村名，其次网格编码前十二位，都没有的取占地最多的村；一个也不沾的列为“不在任何村”。没有任何网格的村列为“无网格”。编码应以所属村十二位代码（镇级以九位）开头；两个网格同码的列出。面积小于面积容差，或宽度（两倍面积除以周长）小于接边容差的碎片不列出，个数和面积记入汇总。
grid-check-tolerance = 面积容差
grid-check-snap = 接边容差

property-flaw = 毛病
property-level = 层级
property-flaw_m2 = 面积
property-width_m = 宽度
property-cells = 网格编号
property-cell_names = 网格
property-lies_in_village = 落在
property-code_prefix = 应以此开头

option-gap = 空白
option-overlap = 重叠
option-outside = 出村
option-no_village = 不在任何村
option-no_cell = 无网格
option-code = 错码
option-duplicate = 重码

figure-flaws = 毛病
figure-grid_gaps = 空白
figure-grid_gaps_m2 = 空白面积
figure-grid_overlaps = 重叠
figure-grid_overlaps_m2 = 重叠面积
figure-cells_outside = 出村
figure-cells_outside_m2 = 出村面积
figure-cells_of_no_village = 不在任何村的网格
figure-villages_without_cells = 无网格的村
figure-wrong_codes = 错码
figure-double_codes = 重码
figure-slivers = 未列出的碎片
figure-slivers_m2 = 碎片面积
figure-cells_checked = 检查的网格
figure-villages_checked = 检查的村

page-head-grid-check = 责任网格的空白、重叠和错码
page-unit-code = 个
