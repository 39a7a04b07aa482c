-- ARGV: prefix, key, age (ms), and, where the facts are wanted, too, the id after which they begin, and 'live' where
-- those of a live run are wanted as well. Returns the run without its facts, then the facts and its
-- options; false where there is none.
local key, age, after = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local info = run_info(key, age)
if not info then return false end
local live = info[3] == 'queued' or info[3] == 'running'
if not after or (live and ARGV[5] ~= 'live') then return {info, {}} end
local options = run_field(key, 'options') or ''
return {info, redis.call('XRANGE', facts_key(key, info[2]), '(' .. after, '+'), options}
