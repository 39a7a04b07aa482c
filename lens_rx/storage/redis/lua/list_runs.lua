-- ARGV: prefix, age (ms), limit, then time (us) and key of the last run of the previous page, or +inf and nothing.
local age, limit, time, before = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local found, offset = {}, 0
while #found < limit do
  local page = redis.call('ZRANGE', CREATED, time, '-inf', 'BYSCORE', 'REV', 'LIMIT', offset, limit, 'WITHSCORES')
  if #page == 0 then break end
  for at = 1, #page, 2 do
    local behind = time == '+inf' or tonumber(page[at + 1]) < tonumber(time) or page[at] < before
    local info = behind and #found < limit and run_info(page[at], age)
    if info then found[#found + 1] = info end
  end
  offset = offset + limit
end
return found
