# 合规筛查与规则集。
screening = 合规筛查
    .question = 哪些养殖户（或其他对象）碰了哪条规定？
    .method = 逐条规则、逐个对象比对，对象与它触及的每一条规则各成一行，编号为“对象编号:规则编号”。按距离的规则从对象的边线量到目标的边线，取椭球面上的最短距离，不超过规定距离（≤）的算触及；按范围的规则看对象是否落在目标范围内，面状对象以共有面积计（不足 1 平方米的视为两次测绘的边界误差，不计；几块目标互相重叠的只计一次），点状对象落在范围内或边界上（1 毫米以内）的算；“应有”类规则看规定距离以内（≤）有没有目标，没有的列出。公路的距离从公路用地外缘起算：图上有公路用地图斑、且图斑包含公路上离对象最近的一点时，量到图斑边线；只有中心线时，外缘按路面宽度（没有填写的按等级）加路肩、边坡、边沟和外侧 1 米估算，并注明“估算”；建筑控制区外缘再加控制区宽度。同一类别的所有图层都查。已拆除、已搬迁、已撤销的对象和目标不计。效力按查看日期：未施行的不列，已停止执行的注明，只供回溯，不作为执法依据。一部法规只约束规模养殖场的，按规则集中的规模标准（有省级标准时用省级标准）核对存栏或出栏：未达规模的建议“引导规范”，规模不明的建议“先核定规模”。图上没有所涉图层、或图层没有规则所需属性的规则，在汇总里列为未查，不算通过。先按效力、再按距离排列。
screening-subject = 筛查对象
screening-rules = 规则集
screening-force = 规则效力

property-subject_id = 对象编号
property-force_rank = 效力次序
property-target_layer = 目标图层
property-target_id = 目标编号
property-target_name = 目标名称
property-target_distance = 离目标距离
property-limit_m = 规定距离
property-measured_from = 起算线
property-edge_basis = 起算线来源
property-overlap_m2 = 重叠面积
property-bearing_deg = 目标方位
property-targets_within = 触及目标数
property-rules_hit = 触及规则数
property-worst_force = 最强效力
property-scale = 养殖规模
property-action = 建议处置
property-compensation = 补偿
property-legal_basis = 处置依据
property-citation = 出处
property-region = 施行区域
property-unverified = 出处未核验

option-any-force = 全部（含已停止执行）
option-in-force = 现行有效
option-target-edge = 目标边线
option-boundary = 区域边界
option-road-land = 公路用地外缘
option-control-zone = 建筑控制区外缘
option-embankment = 路堤坡脚（或路堑坡顶、桥梁外侧）
option-as-mapped = 按图
option-estimated-edge = 估算
option-above = 规模以上
option-below = 规模以下
option-unknown-scale = 规模不明
option-close-or-relocate = 关闭或搬迁
option-demolish = 拆除
option-restore-land = 恢复土地原状
option-rectify = 整改
option-review = 报主管部门核查
option-provide = 补建设施
option-risk-assessment = 以风险评估代替距离
option-guide = 引导规范，不得强行清退
option-verify-scale = 先核定规模
option-required = 依法补偿
option-unstated = 条文未规定
option-not-needed = 不涉及

figure-subjects_hit = 触及规则的对象
figure-worst_mandatory = 触及强制规定
figure-worst_local = 仅地方规定
figure-worst_recommended = 仅推荐标准
figure-worst_suspended = 仅已停止执行
figure-rules_checked = 已查规则
figure-rules_unchecked = 未查规则
figure-unchecked = 未查的规则编号

rules-bind-nothing = 参数 { $parameter } 选的规则集“{ $value }”没有约束图层 { $layer } 的规则，可用的规则集：{ $known }

page-tab-screening = 筛查
page-head-screening = 触及{ $rules }的对象

page-unit-rule = 条
page-unit-target = 处
page-unit-parcel = 个图斑
page-unit-deg = °
