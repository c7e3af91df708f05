-- Deletes a record. KEYS: record. ARGV: how it must begin, or '' for any.
-- '': there was none; 'C': another one is there; 'S': a session ended; otherwise it was an alias,
-- and this is the name of the record it led to.
local head = redis.call('GETRANGE', KEYS[1], 0, 127)
if head == '' then
  return ''
end
if string.sub(head, 1, #ARGV[1]) ~= ARGV[1] then
  return 'C'
end
redis.call('DEL', KEYS[1])
return string.match(head, '^1A%x+%.[^.]*%.([^.]+)%.') or 'S'
