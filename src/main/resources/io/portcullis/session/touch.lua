-- A session was used: its life begins anew. An alias is never prolonged.
-- KEYS: record. ARGV: life in milliseconds.
if redis.call('GETRANGE', KEYS[1], 0, 1) ~= '1S' then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])
