-- Count one more article of a seed. ARGV: seed, limit. Returns 1, or 0 if `limit` articles were taken already.
local slots, seed = P .. 'slots', ARGV[2]
if redis.call('HEXISTS', slots, seed) == 0 then
  redis.call('HSET', slots, seed, redis.call('HGET', P .. 'records', seed) or 0)
end
if tonumber(redis.call('HGET', slots, seed)) >= tonumber(ARGV[3]) then return 0 end
redis.call('HINCRBY', slots, seed, 1)
return 1
