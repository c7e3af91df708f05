-- Puts a session into an index, drops what is over, and gives all members.
-- KEYS: index. ARGV: member, its absolute end, now, the index's life (all in milliseconds).
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
