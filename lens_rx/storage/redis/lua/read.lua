-- ARGV: prefix, key, age (ms), and, where the facts are wanted as well, the id behind which they begin.
-- Answers the head, then the facts of a run that is over; nothing where there is no run.
local key, age, after = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local head = glance(key, age)
if not head then return false end
if not after or head[3] == 'queued' or head[3] == 'running' then return {head, {}} end
return {head, redis.call('XRANGE', facts_key(key, head[2]), '(' .. after, '+')}
