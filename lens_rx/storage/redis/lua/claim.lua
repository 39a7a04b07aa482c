-- ARGV: prefix, worker, lease (ms), and a permit where the worker was given one.
-- Returns key, generation, token, attempt, client, options, photos, then each photo's bytes; or, where there
-- is no job, the ms after which a lease may have run out.
local worker, lease, permit = ARGV[2], tonumber(ARGV[3]), ARGV[4]

-- The ms after which a permit is free again: a lease; a second where its worker took no job.
local function permit_ms(given)
  return redis.call('HEXISTS', HELD, given) == 1 and lease or math.min(lease, 1000)
end

-- A permit that is free again, else a new one; sets the ms until another will be free.
local soonest = lease
local function next_permit()
  local given = redis.pcall('XPENDING', JOBS, GROUP, '-', '+', 1000)
  if given.err then
    redis.call('XGROUP', 'CREATE', JOBS, GROUP, '0', 'MKSTREAM')
    given = {}
  end
  for _, it in ipairs(given) do
    local left = permit_ms(it[1]) - it[3]
    if left <= 0 then
      redis.call('XCLAIM', JOBS, GROUP, worker, 0, it[1], 'JUSTID')
      return it[1]
    end
    soonest = math.min(soonest, left)
  end
  local new = redis.call('XREADGROUP', 'GROUP', GROUP, worker, 'COUNT', 1, 'STREAMS', JOBS, '>')
  return new and new[1][2][1][1]
end

-- The run that the permit was used for, else the one whose turn it is.
local function run_of()
  local held = redis.call('HGET', HELD, permit)
  if held then return held end
  local first = redis.call('ZPOPMIN', QUEUE)
  if not first[1] then return nil end
  local served = tonumber(redis.call('GET', SERVED) or '0')
  redis.call('SET', SERVED, math.max(served, math.floor(first[2])))
  return first[1]
end

local function has_photos(key)
  return redis.call('HLEN', photos_key(key)) == #cjson.decode(run_field(key, 'photos') or '[0]')
end

local function lease_of(key)
  local token = math.max(tonumber(redis.call('GET', TOKEN) or '0') + 1, now())
  redis.call('SET', TOKEN, token)
  redis.call('HSET', HELD, permit, key)
  redis.call('HSET', run_key(key), 'state', 'running', 'token', token, 'worker', worker)
  redis.call('HSET', run_key(key), 'claimed', now(), 'permit', permit)
  local attempt = redis.call('HINCRBY', run_key(key), 'attempt', 1)
  local run = redis.call('HMGET', run_key(key), 'generation', 'client', 'options', 'photos')
  local reply = {key, run[1], token, attempt, run[2], run[3], run[4]}
  for number = 1, redis.call('HLEN', photos_key(key)) do
    reply[#reply + 1] = redis.call('HGET', photos_key(key), number)
  end
  return reply
end

permit = permit or next_permit()
while permit do
  local key = run_of()
  if key and redis.call('SISMEMBER', LIVE, key) == 1 and has_photos(key) then
    return lease_of(key)
  end
  release_permit(permit)
  if key and redis.call('EXISTS', run_key(key)) == 1 then
    -- its photos are lost: the next submit brings them
    remove_live(key)
    redis.call('HSET', run_key(key), 'state', 'abandoned', 'settled', now())
    append_end_mark(key, run_field(key, 'generation'), 'abandoned')
  end
  permit = next_permit()
end
return soonest
