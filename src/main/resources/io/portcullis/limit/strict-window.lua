-- The strict window: decides up to four limits of one request at once. See StrictWindow.java for the
-- algorithm and WindowScript.java for the caller.
--
-- KEYS     one per limit
-- ARGV[1]  little-endian doubles: cost, then per limit: max, width of a bucket in microseconds
-- returns  little-endian doubles: violated (1-based, 0 = admitted), Redis time, wait, then four
--          times: what is left, when the oldest counted bucket leaves. Times in microseconds.
--
-- A record is a string of doubles: width, newest bucket, sum of the older buckets, count of the
-- newest, oldest bucket; then pairs (bucket, count) of the older buckets that are not empty, oldest
-- first. So a request in the same bucket as the one before writes 8 bytes in place, and only a new
-- bucket rewrites the record and its time to live. Packed strings because every conversion between
-- Lua and Redis, number and text costs more than the arithmetic.
local call, pack, read, sub = redis.call, struct.pack, struct.unpack, string.sub
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local args = ARGV[1]
local cost = read('<d', args)
local count = #KEYS
local records = call('MGET', unpack(KEYS))
local writes, lives = {'', '', '', ''}, {false, false, false, false}
local left, reset = {0, 0, 0, 0}, {0, 0, 0, 0}
local violated, wait = 0, 0

-- Check all.
for i = 1, count do
  local max, width = read('<dd', args, i * 16 - 7)
  local bucket = (now - now % width) / width
  local record = records[i]
  local older, current, oldest, tail = 0, 0, bucket, ''
  if record then
    local recorded, newest, sum, last, first = read('<ddddd', record)
    if recorded ~= width or newest - bucket > 17 then
      -- Another window length, or the clock went back by more than a window: everything counts as
      -- spent just now, which can only refuse more.
      current = sum + last
    elseif newest >= bucket then
      -- The same bucket, or the clock went back a little: time stands still.
      bucket, older, current, oldest, tail = newest, sum, last, first, false
    else
      tail = sub(record, 41) .. pack('<dd', newest, last)
      older = sum + last
      local at, length = 1, #tail
      while at < length do
        local b, n = read('<dd', tail, at)
        if b >= bucket - 16 then
          oldest = b
          break
        end
        older = older - n
        at = at + 16
      end
      if at > 1 then tail = sub(tail, at) end
    end
  end
  local free = max - older - current
  left[i] = free
  reset[i] = (oldest + 17) * width - now
  if cost > free then
    -- How long until enough buckets have left? At the latest when the newest has.
    local release = bucket
    local pairs_ = tail or sub(record, 41)
    for at = 1, #pairs_, 16 do
      local b, n = read('<dd', pairs_, at)
      free = free + n
      if cost <= free then
        release = b
        break
      end
    end
    local delay = (release + 17) * width - now
    if delay > wait then violated, wait = i, delay end
  elseif violated == 0 then
    if tail then
      writes[i] = pack('<ddddd', width, bucket, older, current + cost, oldest) .. tail
      lives[i] = math.ceil(width * 0.018)
    else
      writes[i] = pack('<d', current + cost)
    end
  end
end

-- Charge all, or none.
if violated == 0 then
  for i = 1, count do
    if lives[i] then
      call('SET', KEYS[i], writes[i], 'PX', lives[i])
    else
      call('SETRANGE', KEYS[i], '24', writes[i])
    end
    left[i] = left[i] - cost
  end
end
return pack('<ddddddddddd', violated, now, wait,
  left[1], reset[1], left[2], reset[2], left[3], reset[3], left[4], reset[4])
