-- ARGV: prefix, key, token, worker. Returns -1 where the lease is lost, else whether anybody watches.
local key, token, worker = ARGV[2], ARGV[3], ARGV[4]
if not has_lease(key, token) then return -1 end
redis.pcall('XCLAIM', JOBS, GROUP, worker, 0, run_field(key, 'permit'), 'JUSTID')
local listened = redis.call('ZSCORE', WATCHED, key)
return listened and tonumber(listened) > now() and 1 or 0
