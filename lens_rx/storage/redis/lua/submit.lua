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

local function seconds_to_next_place()
  local running = redis.call('SCARD', LIVE) - redis.call('ZCARD', QUEUE)
  local pace = tonumber(redis.call('GET', PACE) or ARGV[6])
  return math.max(1, math.ceil(pace / math.max(1, running)))
end

if redis.call('ZCARD', QUEUE) >= tonumber(ARGV[4]) then
  return {'busy', 'queue', seconds_to_next_place()}
end
if client ~= '' and tonumber(redis.call('HGET', OPEN_RUNS, client) or '0') >= tonumber(ARGV[5]) then
  return {'busy', 'client', seconds_to_next_place() * math.max(1, redis.call('HLEN', TURNS))}
end
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
redis.call('DEL', photos_key(key))
local photo_size = 0
for number = 11, #ARGV do
  redis.call('HSET', photos_key(key), number - 10, ARGV[number])
  photo_size = photo_size + #ARGV[number]
end
redis.call('HSET', run_key(key), 'photo_size', photo_size)
expire_run(key, age)

-- A client's next job has its turn after its last one, and not before those that are served now.
local served = tonumber(redis.call('GET', SERVED) or '0')
local turn = math.max(served, tonumber(redis.call('HGET', TURNS, client) or '0')) + 1
redis.call('HSET', TURNS, client, turn)
local arrival = redis.call('INCR', P .. 'arrivals') % 1000000
redis.call('ZADD', QUEUE, turn + arrival / 1000000, key)
redis.call('SADD', LIVE, key)
redis.call('HINCRBY', OPEN_RUNS, client, 1)
redis.call('XADD', JOBS, '*', 'run', key)
return {'started', generation}
