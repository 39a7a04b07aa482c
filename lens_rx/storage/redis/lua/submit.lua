-- ARGV: prefix, key, now (us), queue, queue_per_client, run_deadline (s), age (ms), client; and where the
-- photos are given: options, photos (hash and size of each), then each photo's bytes.
-- Returns joined|replayed + generation, busy + what + seconds, wanted (the photos), started + generation.
local key, at, age, client = ARGV[2], ARGV[3], tonumber(ARGV[7]), ARGV[8]
local run = redis.call('HMGET', run_key(key), 'generation', 'state', 'fresh')
local generation, state, fresh = tonumber(run[1] or '0'), run[2], run[3]

if state == 'queued' or state == 'running' then return {'joined', generation} end
-- Redis may have evicted facts, where it is configured to.
local has_facts = redis.call('XLEN', facts_key(key, generation)) > tonumber(run_field(key, 'entries') or '0')
local info = has_facts and run_info(key, age)
if info and state == 'complete' and tonumber(at) < tonumber(fresh) then
  redis.call('ZADD', ENDED, 'XX', now(), key)
  return {'replayed', generation}
end

local busy = busy_with(client, tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
if busy then return busy end
if not ARGV[10] then return {'wanted'} end

untrack_ended(key)
if info and state == 'abandoned' then
  redis.call('XDEL', facts_key(key, generation), run_field(key, 'end') or '0-0')
else
  redis.call('DEL', facts_key(key, generation), ids_key(key, generation))
  generation = generation + 1
  redis.call('DEL', facts_key(key, generation), ids_key(key, generation))
  redis.call('HSET', run_key(key), 'generation', generation, 'created', at, 'entries', 0, 'size', 0, 'attempt', 0)
  redis.call('ZADD', CREATED, at, key)
end
redis.call('HDEL', run_key(key), 'fresh')
redis.call('HSET', run_key(key), 'state', 'queued', 'client', client, 'options', ARGV[9], 'photos', ARGV[10])
store_photos(key, 11)
expire_run(key, age)
enqueue(key, client)
return {'started', generation}
