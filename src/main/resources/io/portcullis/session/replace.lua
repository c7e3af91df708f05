-- Writes a record only over the one that was read.
-- KEYS: record, lock. ARGV: how the expected record begins, the new record, its life in
-- milliseconds or 0 to keep what is left, the lock's owner or ''.
-- 1: written; 0: another record is there, or none; -1: somebody else has the lock.
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
if ARGV[4] ~= '' then
  local owner = redis.call('GET', KEYS[2])
  if owner and owner ~= ARGV[4] then
    return -1
  end
end
if ARGV[3] == '0' then
  redis.call('SET', KEYS[1], ARGV[2], 'XX', 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'XX', 'PX', ARGV[3])
end
return 1
