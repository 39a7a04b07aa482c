-- ARGV: prefix, key, token, state, fresh (us), most runs, most bytes, age (ms).
-- Returns 1, also where it is so already, or 0 where the lease is lost.
local key, token, state, age = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[8])
local run = redis.call('HMGET', run_key(key), 'token', 'state', 'generation', 'claimed')
if run[1] == token and run[2] == state then return 1 end
if not has_lease(key, token) then return 0 end
remove_live(key)
redis.call('HSET', run_key(key), 'state', state, 'settled', now(), 'attempt', 0)
if state == 'complete' then
  redis.call('HSET', run_key(key), 'fresh', ARGV[5])
  redis.call('DEL', photos_key(key), ids_key(key, run[3]))
  local seconds = (now() - run[4]) / 1000
  local pace = tonumber(redis.call('GET', PACE) or seconds)
  redis.call('SET', PACE, pace + 0.2 * (seconds - pace))
end
append_end_mark(key, run[3], state)
expire_run(key, age)
track_ended(key, tonumber(ARGV[6]), tonumber(ARGV[7]), age)
return 1
