-- Deletes the record of a session. KEYS: record. ARGV: how it must begin, or '' for any.
-- '': there was none; 'C': another one is there; 'S': a session ended; otherwise it is an alias, and
-- this is the name of the record it leads to. The alias stays: were it gone when this answer is lost,
-- nobody would know any more which session was meant.
local head = redis.call('GETRANGE', KEYS[1], 0, 127)
if head == '' then
  return ''
end
if string.sub(head, 1, #ARGV[1]) ~= ARGV[1] then
  return 'C'
end
local target = string.match(head, '^1A%x+%.[^.]*%.([^.]+)%.')
if target then
  return target
end
redis.call('DEL', KEYS[1])
return 'S'
