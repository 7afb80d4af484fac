# 责任到人：名称、问题、算法、参数、结果属性、数字的名称，以及页面上的话。
responsible = 责任到人
    .question = 这个地方归谁管？哪些对象没人管？
    .method = 给定地点时，按片、村、镇各层级列出当日有效的网格，以及所在的行政村，每级写明责任人：片级网格依次取网格员、网格长、指导员，镇级先取网格长，行政村先取村支书再取包村领导，其余的人写在“其他责任人”。边界属于两边：离地点不超过 1 厘米（≤）的都列出，并注明“交界”。某一级没有网格围住该点时，列出不超过查找距离（≤）的最近一个及其距离；再远就不列。没有给定地点时，列出所选图层中没人管的对象（有村级、片级网格的，镇级网格不算）：不与任何网格相接（不超过 1 厘米）的为“不在网格内”，所在网格没有写责任人的为“网格没人”；已拆除、已搬迁、已撤销的不计。姓名、电话按图层的规定对无权查看的人隐去。
responsible-at = 地点
responsible-reach = 查找距离
responsible-of = 对象图层

property-order = 次第
property-duty = 责任
property-person = 责任人
property-others = 其他责任人
property-phone = 联系电话
property-cell_m = 离网格边界
property-shared = 交界
property-orphan = 缺在哪里
property-nearest = 最近网格
property-nearest_cell = 最近网格

option-administrative = 行政村
option-worker = 网格员
option-leader = 负责人
option-instructor = 指导员
option-secretary = 村支书
option-nobody = 网格没人

figure-answering = 负责的网格和村
figure-only_near = 不在其内、就近列出的
figure-levels_missing = 此处没有覆盖的层级
figure-without_person = 没有写责任人的
figure-orphans = 没人管的
figure-in_no_cell = 不在网格内
figure-with_nobody = 网格没人
figure-looked_at = 检查的对象

responsible-of-nothing = 这张图没有可查责任的图层，请给定地点（at=经度,纬度）

page-tab-responsible = 责任
page-head-responsible = 谁来负责
