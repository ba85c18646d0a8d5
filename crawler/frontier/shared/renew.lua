-- Keep what a crawler holds. ARGV: crawler, milliseconds of the lease (0: it leaves), hosts that it lets go of as JSON.
-- Returns how many crawlers there are, then the hosts that this one has lost.
local me, lease = ARGV[2], tonumber(ARGV[3])
local held, crawlers = P .. 'held:' .. me, P .. 'crawlers'
for _, host in ipairs(cjson.decode(ARGV[4])) do
  if redis.call('GET', P .. 'lease:' .. host) == me then redis.call('DEL', P .. 'lease:' .. host) end
  redis.call('SREM', held, host)
end
if lease == 0 then
  redis.call('DEL', P .. 'alive:' .. me, held)
  redis.call('SREM', crawlers, me)
  return { 0 }
end
redis.call('SET', P .. 'alive:' .. me, '1', 'PX', lease)
redis.call('SADD', crawlers, me)
local out = { 0 }
for _, host in ipairs(redis.call('SMEMBERS', held)) do
  if redis.call('GET', P .. 'lease:' .. host) == me then
    redis.call('PEXPIRE', P .. 'lease:' .. host, lease)
  else
    redis.call('SREM', held, host)
    out[#out + 1] = host
  end
end
for _, other in ipairs(redis.call('SMEMBERS', crawlers)) do
  if redis.call('EXISTS', P .. 'alive:' .. other) == 1 then out[1] = out[1] + 1
  else redis.call('SREM', crawlers, other); redis.call('DEL', P .. 'held:' .. other) end
end
return out
