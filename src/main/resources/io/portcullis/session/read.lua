-- The record and what is left of its life (milliseconds); nothing when there is none.
local value = redis.call('GET', KEYS[1])
if not value then
  return false
end
return {value, redis.call('PTTL', KEYS[1])}
