-- ARGV: prefix, key, token. Answers 1, or 0 where the lease is lost. It was not the photo that ended this claim.
local key, token = ARGV[2], ARGV[3]
if not leased(key, token) then return 0 end
release_permit(field(key, 'permit'))
redis.call('HSET', run_key(key), 'state', 'queued')
redis.call('HINCRBY', run_key(key), 'attempt', -1)
redis.call('ZADD', QUEUE, 0, key)
redis.call('XADD', JOBS, '*', 'run', key)
return 1
