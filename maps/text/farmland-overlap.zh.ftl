# 占用永久基本农田。
farmland-overlap = 占用基本农田
    .question = 哪些养殖户占了永久基本农田？在村内还是村外？
    .method = 以养殖场的范围与全部永久基本农田图斑求重叠，面积按椭球面积计算，图斑互相重叠的部分只计一次；与单个图斑共有面积不足 1 平方米的视为边界误差，不计。只登记了点位的养殖户没有范围，只判断点是否落在图斑内或边界上（1 毫米以内），占用面积不明，留空而不写 0。村内、村外不采用台账填写的，而按村庄建设用地重新判断：有范围的，一半及以上（≥50%）的面积在建设用地内为村内；只有点位的，点在建设用地内或边界上为村内。与台账填写不一致的注明。列出的是查看日期仍在的养殖户，已拆除、已搬迁、已撤销的不列；登记户数和村内、村外户数包括它们，以便与台账平衡。占用面积大的排在最前。
farmland-overlap-farms = 养殖户图层
farmland-overlap-list = 列出哪些
farmland-overlap-rules = 规则集

property-overlap_share = 占用比例
property-farm_m2 = 养殖场面积
property-ground = 范围
property-parcels = 涉及图斑
property-parcel_id = 主要图斑
property-on_farmland = 占用基本农田（核定）
property-in_village = 村内养殖（核定）
property-village_share = 在村比例
property-in_village_told = 村内养殖（台账）

option-on-farmland = 占用基本农田的
option-differing = 与台账不符的
option-all-farms = 全部
option-area-known = 有范围
option-point-only = 只有点位
option-differs-village = 村内村外不符
option-differs-farmland = 是否占用不符
option-differs-both = 两项都不符

figure-on_farmland = 占用基本农田
figure-overlap_mu = 占用面积
figure-ground_unknown = 面积不明
figure-farms_registered = 登记养殖户
figure-in_village = 村内
figure-out_of_village = 村外
figure-farms_standing = 现存养殖户

page-head-farmland-overlap = 永久基本农田上的养殖户
