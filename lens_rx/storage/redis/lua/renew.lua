-- ARGV: prefix, key, token, worker. Answers -1 where the lease is lost, else whether anybody listens.
local key, token, worker = ARGV[2], ARGV[3], ARGV[4]
if not leased(key, token) then return -1 end
redis.pcall('XCLAIM', JOBS, GROUP, worker, 0, field(key, 'permit'), 'JUSTID')
local listened = redis.call('ZSCORE', LISTENED, key)
return listened and tonumber(listened) > now() and 1 or 0
