# What is said of malformed addresses, requests and downloads.
problem-invalid = Bad request
problem-not-found = Not found
problem-conflict = Changed meanwhile
problem-busy = Not now
problem-too-large = Too large
problem-not-acceptable = No such format
problem-method = Method not allowed
problem-internal = Server error

problem-internal-detail = Something went wrong in the server; the cause is in its log.
path-unknown = There is nothing at { $path }
feature-unknown = “{ $collection }” has no feature with the id “{ $id }”
text-unknown = There is no language “{ $value }”; there are: { $known }
query-unknown = There is no query parameter “{ $parameter }”; there are: { $known }
query-twice = The query parameter “{ $parameter }” was given more than once
query-malformed = “{ $value }” in the query is not valid percent-encoded UTF-8
limit-malformed = limit must be a whole number from { $min } to { $max }, not “{ $value }”
datetime-malformed = datetime cannot be “{ $value }”: it is an instant such as 2026-09-30T00:00:00Z, or an interval of two joined by “/”
format-unknown = There is no format “{ $value }”; f may be: { $known }
format-not-acceptable = None of what “{ $value }” accepts can be given; there are: { $known }
method-not-allowed = This address does not take { $method }; it takes: { $allowed }
host-unknown = “{ $value }” is not the name of this machine; open it as 127.0.0.1 or localhost
body-too-large = The body is larger than { $limit } bytes
body-malformed = The body cannot be read; it must be JSON such as {"{"}"inputs": {"{"}…{"}"}{"}"}: { $cause }
input-type = Parameter { $parameter } cannot be “{ $value }”: it takes a number, a text or a list of texts
took-too-long = It was not done after { $seconds } seconds; try again later, or ask for less
request-body-unread = The body could not be read to its end
collection-unknown = There is no layer or analysis “{ $name }”; there are: { $known }
id-malformed = “{ $value }” is malformed; write name~parameter=value@date, for instance farms-near-schools~distance=800@2026-09-30
date-malformed = The date “{ $value }” is not right; write it as 2026-09-30
listen-failed = Cannot listen on { $value }: { $cause }
