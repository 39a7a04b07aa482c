-- ARGV: prefix, key, now (us). Returns the result within its lifetime.
local kept = redis.call('HMGET', P .. 'result:' .. ARGV[2], 'payload', 'until')
if not kept[1] or tonumber(kept[2]) <= tonumber(ARGV[3]) then return false end
redis.call('ZADD', P .. 'results', 'XX', now(), ARGV[2])
return kept[1]
