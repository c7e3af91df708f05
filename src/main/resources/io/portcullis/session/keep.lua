-- What the owner does with its lock, and nobody else. KEYS: lock. ARGV: owner, life in
-- milliseconds, next owner: the same prolongs it, '-' closes it for everybody, '' gives it back.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
end
return 1
