-- ARGV: prefix, key, payload, until (us), ms until then, most results.
local results = P .. 'results'
local name = P .. 'result:' .. ARGV[2]
redis.call('HSET', name, 'payload', ARGV[3], 'until', ARGV[4])
redis.call('PEXPIRE', name, ARGV[5])
redis.call('ZADD', results, now(), ARGV[2])
for _ = 1, 64 do
  if redis.call('ZCARD', results) <= tonumber(ARGV[6]) then return end
  redis.call('DEL', P .. 'result:' .. redis.call('ZPOPMIN', results)[1])
end
