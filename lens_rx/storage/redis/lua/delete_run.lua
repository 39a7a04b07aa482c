-- ARGV: prefix, key, age (ms). Returns whether there was a run. Its generation is remembered for a day, so that
-- followers of the old one do not get the facts of the next one in its place.
local key = ARGV[2]
local info = run_info(key, tonumber(ARGV[3]))
local generation = run_field(key, 'generation')
if not generation or run_field(key, 'state') == 'forgotten' then return 0 end
local live = redis.call('SISMEMBER', LIVE, key) == 1
remove_live(key)
untrack_ended(key)
redis.call('ZREM', CREATED, key)
redis.call('DEL', photos_key(key), ids_key(key, generation))
if live then
  append_end_mark(key, generation, 'forgotten')
  redis.call('PEXPIRE', facts_key(key, generation), 60000)
else
  redis.call('DEL', facts_key(key, generation))
end
redis.call('DEL', run_key(key))
redis.call('HSET', run_key(key), 'generation', generation, 'state', 'forgotten')
redis.call('PEXPIRE', run_key(key), 86400000)
return info and 1 or 0
