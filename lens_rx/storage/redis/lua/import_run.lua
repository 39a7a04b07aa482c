-- ARGV: prefix, key, generation, created (us), fresh (us), most runs, most bytes, age (ms), then time and
-- payload of each fact. Returns 0 where there is a run already.
local key, generation, age = ARGV[2], ARGV[3], tonumber(ARGV[8])
if run_info(key, age) then return 0 end
delete_run(key)
local entries, size = 0, 0
for first = 9, #ARGV, 2 do
  entries = entries + 1
  size = size + #ARGV[first + 1]
  redis.call('XADD', facts_key(key, generation), entries .. '-0', 'at', ARGV[first], 'fact', ARGV[first + 1])
end
redis.call('HSET', run_key(key), 'generation', generation, 'state', 'complete', 'entries', entries)
redis.call('HSET', run_key(key), 'size', size, 'created', ARGV[4], 'fresh', ARGV[5], 'settled', now())
redis.call('ZADD', CREATED, ARGV[4], key)
append_end_mark(key, generation, 'complete')
expire_run(key, age)
track_ended(key, tonumber(ARGV[6]), tonumber(ARGV[7]), age)
return 1
