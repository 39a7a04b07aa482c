-- ARGV: prefix, key, token. Returns 1, or 0 where the lease is lost. The claim does not count as an attempt.
local key, token = ARGV[2], ARGV[3]
if not has_lease(key, token) then return 0 end
release_permit(run_field(key, 'permit'))
redis.call('HSET', run_key(key), 'state', 'queued')
redis.call('HINCRBY', run_key(key), 'attempt', -1)
redis.call('ZADD', QUEUE, 0, key)
redis.call('XADD', JOBS, '*', 'run', key)
return 1
