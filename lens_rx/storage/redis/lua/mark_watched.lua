-- ARGV: prefix, ms, then the keys of the runs that are watched for so long.
local at = now()
redis.call('ZREMRANGEBYSCORE', WATCHED, '-inf', at)
for number = 3, #ARGV do redis.call('ZADD', WATCHED, 'GT', at + ARGV[2], ARGV[number]) end
