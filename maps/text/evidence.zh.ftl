# 佐证照片
evidence-type = 照片只收 { $known }，收到的是“{ $value }”
evidence-type-disagrees = 照片写明是 { $value }，内容却是 { $found }，没有收下
evidence-unreadable = 照片读不出来：不是照片，或者已损坏
evidence-cut = 照片没有传完，请重新上传
evidence-too-large = 照片超过 { $limit } MB，请缩小后再传
evidence-too-many-pixels = 照片超过 { $limit } 百万像素，请缩小后再传
evidence-missing = 打不开照片 { $file }：{ $cause }
evidence-unknown = 没有编号为“{ $id }”的照片
evidence-disk-full = 磁盘已满，照片没有保存
