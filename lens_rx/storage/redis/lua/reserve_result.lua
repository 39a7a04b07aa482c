-- ARGV: prefix, key, owner, ms. Returns whether the owner has the right to make the result.
local name = P .. 'making:' .. ARGV[2]
local owner = redis.call('GET', name)
if owner and owner ~= ARGV[3] then return 0 end
redis.call('SET', name, ARGV[3], 'PX', ARGV[4])
return 1
