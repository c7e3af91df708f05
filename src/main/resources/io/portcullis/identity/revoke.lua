-- Takes revocations in. The store is one sorted set: members are the revocations, scores their
-- versions, microseconds of the clock of Redis and strictly rising, also when that clock goes back.
--
-- KEYS     the set
-- ARGV[1]  milliseconds for which a revocation is kept
-- ARGV[2]  how many are kept at most
-- ARGV[3]… the revocations
-- returns  the version of the last one, as text
local call, text = redis.call, function(number) return string.format('%.0f', number) end
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
-- A minute late, so that nodes whose clocks differ a little still count the same.
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. text(now - ARGV[1] * 1000 - 60000000))
if call('ZCARD', KEYS[1]) + #ARGV - 2 > tonumber(ARGV[2]) then
  return redis.error_reply('FULL too many revocations are kept')
end
local last = call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local version = now
if last[2] and tonumber(last[2]) >= version then
  version = tonumber(last[2]) + 1
end
for i = 3, #ARGV do
  call('ZADD', KEYS[1], text(version), ARGV[i])
  version = version + 1
end
call('PEXPIRE', KEYS[1], ARGV[1] + 120000)
return text(version - 1)
