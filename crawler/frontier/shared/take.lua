-- Hand out addresses of a host to one crawler, which gets the host for itself. ARGV: crawler, milliseconds of the lease,
-- host, how many, milliseconds of its Crawl-delay (0: not known), "again" to hand out once more what it was handed.
-- Returns nothing if another crawler has the host; else what it is to wait (-1: it had the host before), then
-- priority and target of each address.
local me, lease, host, most = ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local owner = redis.call('GET', P .. 'lease:' .. host)
if owner and owner ~= me then return {} end
redis.call('SET', P .. 'lease:' .. host, me, 'PX', lease)
redis.call('SADD', P .. 'held:' .. me, host)
if tonumber(ARGV[6]) > 0 then redis.call('HSET', P .. 'delays', host, ARGV[6]) end
local priorities = redis.call('ZRANGE', P .. 'prios:' .. host, 0, -1)
if not owner then
  for _, priority in ipairs(priorities) do
    local from = '0-0'
    repeat
      local claimed = redis.call('XAUTOCLAIM', stream_of(host, priority), GROUP, me, 0, from, 'COUNT', 1000, 'JUSTID')
      from = claimed[1]
    until from == '0-0'
  end
  local wait = redis.call('PTTL', P .. 'pause:' .. host)
  if redis.call('EXISTS', P .. 'asked:' .. host) == 1 then
    wait = math.max(wait, tonumber(redis.call('HGET', P .. 'delays', host) or 0), 1)
  end
  return { math.max(wait, 0) }
end
redis.call('SET', P .. 'asked:' .. host, '1', 'PX', 600000)
local out = { -1 }
local start = ARGV[7] == 'again' and '0' or '>'
for _, priority in ipairs(priorities) do
  local left = most - (#out - 1)
  if left <= 0 then break end
  local read = redis.call('XREADGROUP', 'GROUP', GROUP, me, 'COUNT', left, 'STREAMS', stream_of(host, priority), start)
  if read then
    for _, row in ipairs(read[1][2]) do
      if row[2] then out[#out + 1] = row[2][2] end
    end
  end
end
return out
