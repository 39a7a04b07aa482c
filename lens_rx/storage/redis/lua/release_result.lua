-- ARGV: prefix, key, owner.
local name = P .. 'making:' .. ARGV[2]
if redis.call('GET', name) == ARGV[3] then redis.call('DEL', name) end
