-- ARGV: prefix, key, generation to replace, now (us), queue, queue_per_client, run_deadline (s), most runs, most bytes,
-- age (ms), client, options, photos (hash and size of each) or '' where the generation is complete at once, fresh (us),
-- number of facts; then id, time and payload of each fact, then each photo's bytes.
-- Returns missing|live|changed, busy + what + seconds, or started + generation.
local key, at, age, client, photos = ARGV[2], ARGV[4], tonumber(ARGV[10]), ARGV[11], ARGV[13]
local info = run_info(key, age)
if not info then return {'missing'} end
if info[3] == 'queued' or info[3] == 'running' then return {'live'} end
if info[2] ~= ARGV[3] then return {'changed'} end
local complete = photos == ''
local busy = not complete and busy_with(client, tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]))
if busy then return busy end

untrack_ended(key)
redis.call('DEL', ids_key(key, info[2]))
-- who followed it until now may still have to read its end
redis.call('PEXPIRE', facts_key(key, info[2]), 60000)
local generation, entries, size = tonumber(info[2]) + 1, 0, 0
local facts, ids = facts_key(key, generation), ids_key(key, generation)
redis.call('DEL', facts, ids)
local photos_at = 16 + 3 * tonumber(ARGV[15])
for first = 16, photos_at - 1, 3 do
  entries = entries + 1
  size = size + #ARGV[first + 2]
  redis.call('XADD', facts, entries .. '-0', 'at', ARGV[first + 1], 'fact', ARGV[first + 2])
  if not complete then redis.call('SADD', ids, ARGV[first]) end
end
redis.call('HSET', run_key(key), 'generation', generation, 'created', at, 'entries', entries, 'size', size)
redis.call('HSET', run_key(key), 'attempt', 0, 'client', client, 'options', ARGV[12])
redis.call('ZADD', CREATED, at, key)
if complete then
  redis.call('DEL', photos_key(key))
  redis.call('HSET', run_key(key), 'state', 'complete', 'fresh', ARGV[14], 'settled', now(), 'photo_size', 0)
  append_end_mark(key, generation, 'complete')
  expire_run(key, age)
  track_ended(key, tonumber(ARGV[8]), tonumber(ARGV[9]), age)
else
  redis.call('HDEL', run_key(key), 'fresh')
  redis.call('HSET', run_key(key), 'state', 'queued', 'photos', photos)
  store_photos(key, photos_at)
  expire_run(key, age)
  enqueue(key, client)
end
return {'started', generation}
