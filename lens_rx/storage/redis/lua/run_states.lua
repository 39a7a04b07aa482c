-- ARGV: prefix, then keys. Returns generation and state of each run. It writes nothing, but is refused where
-- nothing can be written, for then no run goes on.
local found = {}
for number = 2, #ARGV do
  local run = redis.call('HMGET', run_key(ARGV[number]), 'generation', 'state')
  found[#found + 1] = {run[1] or '0', run[2] or 'forgotten'}
end
return found
