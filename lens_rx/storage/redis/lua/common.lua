-- Included in every script. ARGV[1] is the prefix of all keys; times are Redis' own, in ms, unless they are an
-- argument, in microseconds. The names of keys, fields and states are stored, and so never change.
local P = ARGV[1]
local JOBS, GROUP = P .. 'jobs', 'workers'            -- stream: one permit for each run that waits or runs
local QUEUE, TURNS = P .. 'queue', P .. 'turns'       -- zset run -> turn; hash client -> its last turn
local LIVE, HELD = P .. 'live', P .. 'held'           -- set of runs; hash permit -> run
local OPEN_RUNS, PACE = P .. 'open', P .. 'pace'      -- hash client -> its open runs; seconds that a run takes
local CREATED = P .. 'births'                         -- zset run -> when its generation was created (us)
local ENDED, ENDED_BYTES = P .. 'kept', P .. 'bytes'  -- zset ended run -> last use; their bytes together
local ENDED_SIZES = P .. 'sizes'                      -- hash ended run -> its bytes
local WATCHED, TOKEN = P .. 'listened', P .. 'token'  -- zset run -> until when it is watched; the last token
local SERVED = P .. 'served'                          -- the turn that is served now

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function run_key(key) return P .. 'run:' .. key end
local function photos_key(key) return P .. 'photos:' .. key end
local function facts_key(key, generation) return P .. 'facts:' .. key .. ':' .. generation end
local function ids_key(key, generation) return P .. 'ids:' .. key .. ':' .. generation end

local function run_field(key, name) return redis.call('HGET', run_key(key), name) end

-- Whether the lease is the one that was given last, and the run is still running.
local function has_lease(key, token)
  local run = redis.call('HMGET', run_key(key), 'token', 'state')
  return run[1] == token and run[2] == 'running'
end

-- Ids of facts are SEQ-0; an end mark has SEQ-1, SEQ-2, ... of the last fact, and wakes followers.
local function append_end_mark(key, generation, state)
  local last = redis.call('HINCRBY', run_key(key), 'ends', 1)
  local id = (run_field(key, 'entries') or '0') .. '-' .. last
  redis.call('XADD', facts_key(key, generation), id, 'end', state)
  redis.call('HSET', run_key(key), 'end', id)
end

local function release_permit(permit)
  if permit then
    redis.call('XACK', JOBS, GROUP, permit)
    redis.call('XDEL', JOBS, permit)
    redis.call('HDEL', HELD, permit)
  end
end

-- All keys of a run expire a day after it should have been evicted.
local function expire_run(key, age)
  local generation, last = run_field(key, 'generation') or '0', age + 86400000
  for _, name in ipairs({run_key(key), photos_key(key), facts_key(key, generation), ids_key(key, generation)}) do
    redis.call('PEXPIRE', name, last)
  end
end

-- The run without its facts; false where it was deleted or is too old.
local function run_info(key, age)
  local run = redis.call('HMGET', run_key(key), 'generation', 'state', 'entries', 'created', 'fresh', 'settled')
  local live = run[2] == 'queued' or run[2] == 'running'
  if not run[2] or run[2] == 'forgotten' then return false end
  if not live and tonumber(run[6]) <= now() - age then return false end
  return {key, run[1], run[2], run[3], run[4], run[5] or ''}
end

-- Remove a run from the queue and from its worker; its permit and its client's place are free.
local function remove_live(key)
  local run = redis.call('HMGET', run_key(key), 'permit', 'client')
  release_permit(run[1])
  redis.call('HDEL', run_key(key), 'permit')
  redis.call('ZREM', QUEUE, key)
  if redis.call('SREM', LIVE, key) == 1 and redis.call('HINCRBY', OPEN_RUNS, run[2] or '', -1) <= 0 then
    redis.call('HDEL', OPEN_RUNS, run[2] or '')
    redis.call('HDEL', TURNS, run[2] or '')
  end
end

local function untrack_ended(key)
  if redis.call('ZREM', ENDED, key) == 1 then
    redis.call('DECRBY', ENDED_BYTES, redis.call('HGET', ENDED_SIZES, key) or 0)
    redis.call('HDEL', ENDED_SIZES, key)
  end
end

local function delete_run(key)
  local generation = run_field(key, 'generation') or '0'
  untrack_ended(key)
  redis.call('ZREM', CREATED, key)
  redis.call('DEL', run_key(key), photos_key(key), facts_key(key, generation), ids_key(key, generation))
end

-- Count an ended run, and delete those that are too old, too many or too large: at most 64 at a time.
local function track_ended(key, most, most_bytes, age)
  local size = tonumber(run_field(key, 'size') or '0')
  if run_field(key, 'state') == 'abandoned' then size = size + tonumber(run_field(key, 'photo_size') or '0') end
  redis.call('ZADD', ENDED, now(), key)
  redis.call('HSET', ENDED_SIZES, key, size)
  redis.call('INCRBY', ENDED_BYTES, size)
  local old = redis.call('ZRANGE', CREATED, '-inf', (now() - age) * 1000, 'BYSCORE', 'LIMIT', 0, 64)
  for _, run in ipairs(old) do
    if redis.call('SISMEMBER', LIVE, run) == 0 then delete_run(run) end
  end
  for _ = 1, 64 do
    local bytes = tonumber(redis.call('GET', ENDED_BYTES) or '0')
    if redis.call('ZCARD', ENDED) <= most and bytes <= most_bytes then return end
    local oldest = redis.call('ZRANGE', ENDED, 0, 0)[1]
    if not oldest then return redis.call('DEL', ENDED_BYTES) end
    delete_run(oldest)
  end
end

-- busy + what + seconds where the queue, or the client's share of it, is full; else false.
local function busy_with(client, most, most_of_client, run_seconds)
  local running = redis.call('SCARD', LIVE) - redis.call('ZCARD', QUEUE)
  local pace = tonumber(redis.call('GET', PACE) or run_seconds)
  local seconds = math.max(1, math.ceil(pace / math.max(1, running)))
  if redis.call('ZCARD', QUEUE) >= most then return {'busy', 'queue', seconds} end
  if client ~= '' and tonumber(redis.call('HGET', OPEN_RUNS, client) or '0') >= most_of_client then
    return {'busy', 'client', seconds * math.max(1, redis.call('HLEN', TURNS))}
  end
  return false
end

-- Store the photos that are the arguments from `first` on, in place of those that are there.
local function store_photos(key, first)
  redis.call('DEL', photos_key(key))
  local photo_size = 0
  for number = first, #ARGV do
    redis.call('HSET', photos_key(key), number - first + 1, ARGV[number])
    photo_size = photo_size + #ARGV[number]
  end
  redis.call('HSET', run_key(key), 'photo_size', photo_size)
end

-- Queue a run. A client's next job has its turn after its last one, and not before those that are served now.
local function enqueue(key, client)
  local served = tonumber(redis.call('GET', SERVED) or '0')
  local turn = math.max(served, tonumber(redis.call('HGET', TURNS, client) or '0')) + 1
  redis.call('HSET', TURNS, client, turn)
  local arrival = redis.call('INCR', P .. 'arrivals') % 1000000
  redis.call('ZADD', QUEUE, turn + arrival / 1000000, key)
  redis.call('SADD', LIVE, key)
  redis.call('HINCRBY', OPEN_RUNS, client, 1)
  redis.call('XADD', JOBS, '*', 'run', key)
end
