# 网址、请求和下载写错时的话。
problem-invalid = 请求有误
problem-not-found = 找不到
problem-conflict = 内容已变化
problem-busy = 暂时办不了
problem-too-large = 太大
problem-not-acceptable = 没有这种格式
problem-method = 不能这样请求
problem-internal = 服务器出错

problem-internal-detail = 服务器内部出错，原因已记入日志。
path-unknown = 没有这个地址：{ $path }
feature-unknown = “{ $collection }”里没有编号为“{ $id }”的对象
text-unknown = 没有“{ $value }”这种语言，可用：{ $known }
query-unknown = 没有查询参数“{ $parameter }”，可用的参数：{ $known }
query-twice = 查询参数“{ $parameter }”写了不止一次
query-malformed = 查询里的“{ $value }”不是合法的百分号编码（UTF-8）
limit-malformed = limit 应是 { $min } 至 { $max } 之间的整数，收到的是“{ $value }”
datetime-malformed = datetime 的值“{ $value }”不对，应是 2026-09-30T00:00:00Z 这样的时刻，或用“/”隔开的一段时间
format-unknown = 没有“{ $value }”这种格式，f 可用：{ $known }
format-not-acceptable = 给不出“{ $value }”要的格式，可用：{ $known }
method-not-allowed = 这个地址不接受 { $method }，可用：{ $allowed }
host-unknown = 请求的主机名“{ $value }”不是本机；请用 127.0.0.1 或 localhost 打开
body-too-large = 请求内容超过 { $limit } 字节
body-malformed = 请求内容读不懂，应是 {"{"}"inputs": {"{"}…{"}"}{"}"} 这样的 JSON：{ $cause }
input-type = 参数 { $parameter } 的值“{ $value }”类型不对，应是数字、文字或文字的列表
took-too-long = 超过 { $seconds } 秒还没有算完，请稍后再试，或缩小范围
request-body-unread = 请求内容没能读完
collection-unknown = 没有名为“{ $name }”的图层或分析，现有：{ $known }
id-malformed = “{ $value }”写得不对，应是 名称~参数=值@日期 的样子，例如 farms-near-schools~distance=800@2026-09-30
date-malformed = 日期“{ $value }”不对，应写成 2026-09-30
listen-failed = 不能在 { $value } 上提供服务：{ $cause }
