-- Reads what is new, and how many there are: a count that a node does not have tells it that
-- something was lost.
--
-- KEYS     the set, see revoke.lua
-- ARGV[1]  the oldest version that still counts
-- ARGV[2]  the newest version that is known
-- ARGV[3]  how many to return at most
-- returns  how many count; then revocation, version, revocation, version …, in order
local count = redis.call('ZCOUNT', KEYS[1], ARGV[1], '+inf')
local news = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
table.insert(news, 1, tostring(count))
return news
