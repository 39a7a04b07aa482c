-- ARGV: prefix, ms, then the keys of the runs that are listened to for so long.
local at = now()
redis.call('ZREMRANGEBYSCORE', LISTENED, '-inf', at)
for number = 3, #ARGV do redis.call('ZADD', LISTENED, 'GT', at + ARGV[2], ARGV[number]) end
