-- ARGV: prefix, key, token, age (ms), then id, time and payload of each fact.
-- Returns how many facts the run has now, or -1 where the lease is lost.
local key, token, age = ARGV[2], ARGV[3], tonumber(ARGV[4])
if not has_lease(key, token) then return -1 end
local run = redis.call('HMGET', run_key(key), 'generation', 'entries')
local facts, ids = facts_key(key, run[1]), ids_key(key, run[1])
local entries, size = tonumber(run[2]), 0
for first = 5, #ARGV, 3 do
  local id, at, payload = ARGV[first], ARGV[first + 1], ARGV[first + 2]
  if redis.call('SADD', ids, id) == 1 then
    entries = entries + 1
    size = size + #payload
    redis.call('XADD', facts, entries .. '-0', 'at', at, 'fact', payload)
  end
end
redis.call('HSET', run_key(key), 'entries', entries)
redis.call('HINCRBY', run_key(key), 'size', size)
expire_run(key, age)
return entries
