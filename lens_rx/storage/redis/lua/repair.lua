-- ARGV: prefix. Makes jobs, permits and shares agree with the runs that are live, whatever was lost of them.
redis.pcall('XGROUP', 'CREATE', JOBS, GROUP, '0', 'MKSTREAM')
redis.call('DEL', OPEN_RUNS)
for _, key in ipairs(redis.call('SMEMBERS', LIVE)) do
  local run = redis.call('HMGET', run_key(key), 'state', 'permit', 'client')
  local pending = run[2] and redis.call('XPENDING', JOBS, GROUP, run[2], run[2], 1) or {}
  if run[1] == 'running' and not pending[1] then
    release_permit(run[2])
    redis.call('HSET', run_key(key), 'state', 'queued')
    redis.call('HDEL', run_key(key), 'permit')
    run[1] = 'queued'
  elseif run[1] == 'running' then
    redis.call('HSET', HELD, run[2], key)
  end
  if not run[1] then
    redis.call('SREM', LIVE, key)
    redis.call('ZREM', QUEUE, key)
  else
    redis.call('HINCRBY', OPEN_RUNS, run[3], 1)
    if run[1] == 'queued' then redis.call('ZADD', QUEUE, 'NX', 0, key) end
  end
end
for _ = redis.call('XLEN', JOBS) + 1, redis.call('SCARD', LIVE) do redis.call('XADD', JOBS, '*', 'run', '') end
for _, client in ipairs(redis.call('HKEYS', TURNS)) do
  if redis.call('HEXISTS', OPEN_RUNS, client) == 0 then redis.call('HDEL', TURNS, client) end
end
-- workers that are gone for an hour
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', JOBS, GROUP)) do
  if consumer[4] == 0 and consumer[6] > 3600000 then
    redis.call('XGROUP', 'DELCONSUMER', JOBS, GROUP, consumer[2])
  end
end
