-- What every script here knows. ARGV[1] is the prefix of all keys; times are Redis' own, in ms, unless
-- they come as an argument, in microseconds.
local P = ARGV[1]
local JOBS, GROUP = P .. 'jobs', 'workers'        -- stream: one permit for each run that waits or runs
local QUEUE, TURNS = P .. 'queue', P .. 'turns'   -- zset run -> turn; hash client -> its last turn
local LIVE, HELD = P .. 'live', P .. 'held'       -- set of runs; hash permit -> run
local OPEN, PACE = P .. 'open', P .. 'pace'       -- hash client -> its open runs; seconds a run takes
local BIRTHS = P .. 'births'                      -- zset run -> when its generation began (us)
local KEPT, BYTES = P .. 'kept', P .. 'bytes'     -- zset finished run -> last use; their bytes together
local SIZES = P .. 'sizes'                        -- hash finished run -> its bytes
local LISTENED, TOKEN = P .. 'listened', P .. 'token'
local SERVED = P .. 'served'                      -- the turn that is served now

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function run_key(key) return P .. 'run:' .. key end
local function photos_key(key) return P .. 'photos:' .. key end
local function facts_key(key, generation) return P .. 'facts:' .. key .. ':' .. generation end
local function ids_key(key, generation) return P .. 'ids:' .. key .. ':' .. generation end

local function field(key, name) return redis.call('HGET', run_key(key), name) end

-- The lease is the one that was given last, and the run is still under it.
local function leased(key, token)
  local run = redis.call('HMGET', run_key(key), 'token', 'state')
  return run[1] == token and run[2] == 'running'
end

-- Ids of facts are SEQ-0; an end stands behind the last fact as SEQ-1, SEQ-2, ... and wakes who follows.
local function mark_end(key, generation, word)
  local last = redis.call('HINCRBY', run_key(key), 'ends', 1)
  local id = (field(key, 'entries') or '0') .. '-' .. last
  redis.call('XADD', facts_key(key, generation), id, 'end', word)
  redis.call('HSET', run_key(key), 'end', id)
end

local function release_permit(permit)
  if permit then
    redis.call('XACK', JOBS, GROUP, permit)
    redis.call('XDEL', JOBS, permit)
    redis.call('HDEL', HELD, permit)
  end
end

-- Everything of a run ends by itself some time after it should have been let go.
local function expire(key, age)
  local generation, last = field(key, 'generation') or '0', age + 86400000
  for _, name in ipairs({run_key(key), photos_key(key), facts_key(key, generation), ids_key(key, generation)}) do
    redis.call('PEXPIRE', name, last)
  end
end

-- What is told of a run at a glance; nothing of one that is forgotten, or was kept for its time.
local function glance(key, age)
  local run = redis.call('HMGET', run_key(key), 'generation', 'state', 'entries', 'created', 'fresh', 'settled')
  local live = run[2] == 'queued' or run[2] == 'running'
  if not run[2] or run[2] == 'forgotten' then return false end
  if not live and tonumber(run[6]) <= now() - age then return false end
  return {key, run[1], run[2], run[3], run[4], run[5] or ''}
end

-- A run waits and runs no more: its permit and its client's place are free.
local function let_go(key)
  local run = redis.call('HMGET', run_key(key), 'permit', 'client')
  release_permit(run[1])
  redis.call('HDEL', run_key(key), 'permit')
  redis.call('ZREM', QUEUE, key)
  if redis.call('SREM', LIVE, key) == 1 and redis.call('HINCRBY', OPEN, run[2] or '', -1) <= 0 then
    redis.call('HDEL', OPEN, run[2] or '')
    redis.call('HDEL', TURNS, run[2] or '')
  end
end

local function unkeep(key)
  if redis.call('ZREM', KEPT, key) == 1 then
    redis.call('DECRBY', BYTES, redis.call('HGET', SIZES, key) or 0)
    redis.call('HDEL', SIZES, key)
  end
end

local function remove(key)
  local generation = field(key, 'generation') or '0'
  unkeep(key)
  redis.call('ZREM', BIRTHS, key)
  redis.call('DEL', run_key(key), photos_key(key), facts_key(key, generation), ids_key(key, generation))
end

-- Keep a finished run, and let go what is too old, too many or too much: at most 64 at a time.
local function keep_within(key, most, most_bytes, age)
  local size = tonumber(field(key, 'size') or '0')
  if field(key, 'state') == 'abandoned' then size = size + tonumber(field(key, 'photo_size') or '0') end
  redis.call('ZADD', KEPT, now(), key)
  redis.call('HSET', SIZES, key, size)
  redis.call('INCRBY', BYTES, size)
  local old = redis.call('ZRANGE', BIRTHS, '-inf', (now() - age) * 1000, 'BYSCORE', 'LIMIT', 0, 64)
  for _, birth in ipairs(old) do
    if redis.call('SISMEMBER', LIVE, birth) == 0 then remove(birth) end
  end
  for _ = 1, 64 do
    local bytes = tonumber(redis.call('GET', BYTES) or '0')
    if redis.call('ZCARD', KEPT) <= most and bytes <= most_bytes then return end
    local oldest = redis.call('ZRANGE', KEPT, 0, 0)[1]
    if not oldest then return redis.call('DEL', BYTES) end
    remove(oldest)
  end
end
