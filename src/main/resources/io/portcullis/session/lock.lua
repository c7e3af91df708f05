-- Takes the lock of a session. KEYS: lock. ARGV: owner, its life in milliseconds.
-- 0: taken, or taken before by the same owner; -1: somebody has it; otherwise nobody may have it for this many milliseconds.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return 0
end
local owner = redis.call('GET', KEYS[1])
if owner == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 0
end
if owner == '-' then
  return math.max(1, redis.call('PTTL', KEYS[1]))
end
return -1
