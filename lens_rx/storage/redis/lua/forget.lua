-- ARGV: prefix, key, age (ms). Answers whether there was a run. Its generation is remembered for a day, so
-- that who followed the old one is not told the next one's facts in its place.
local key = ARGV[2]
local head = glance(key, tonumber(ARGV[3]))
local generation = field(key, 'generation')
if not generation or field(key, 'state') == 'forgotten' then return 0 end
local live = redis.call('SISMEMBER', LIVE, key) == 1
let_go(key)
unkeep(key)
redis.call('ZREM', BIRTHS, key)
redis.call('DEL', photos_key(key), ids_key(key, generation))
if live then
  mark_end(key, generation, 'forgotten')
  redis.call('PEXPIRE', facts_key(key, generation), 60000)
else
  redis.call('DEL', facts_key(key, generation))
end
redis.call('DEL', run_key(key))
redis.call('HSET', run_key(key), 'generation', generation, 'state', 'forgotten')
redis.call('PEXPIRE', run_key(key), 86400000)
return head and 1 or 0
