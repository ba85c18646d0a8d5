-- Functions that all scripts share. ARGV[1] is the prefix of all keys. A script runs whole or not at all.
--
-- seen:XXXX       hash, address key -> what is known of it as JSON (s state, r run, k kind, i and q where it is queued,
--                 o outcome, a whether it is an article, m lastmod, f fetched, e ETag, l Last-Modified, c and b hashes, d record)
-- q:HOST:PRIORITY stream of pending addresses as JSON arrays; its group is "crawlers"
-- next:HOST       there while the host must not be sent a request: the delay, from the last request and from its answer
-- prios:HOST      sorted set of the priorities that have a stream; hosts: hosts by their most urgent priority
local P = ARGV[1]
local GROUP = 'crawlers'

local function place(key) return P .. 'seen:' .. string.sub(key, 1, 4), string.sub(key, 5) end

local function load(key)
  local hash, field = place(key)
  local value = redis.call('HGET', hash, field)
  return value and cjson.decode(value) or nil
end

local function save(key, entry)
  local hash, field = place(key)
  redis.call('HSET', hash, field, cjson.encode(entry))
end

local function count(state, by) redis.call('HINCRBY', P .. 'counts', state, by) end

local function stream_of(host, priority) return P .. 'q:' .. host .. ':' .. priority end

local function enqueue(host, priority, target)
  local stream = stream_of(host, priority)
  if redis.call('EXISTS', stream) == 0 then redis.call('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM') end
  redis.call('ZADD', P .. 'prios:' .. host, priority, priority)
  redis.call('ZADD', P .. 'hosts', 'LT', priority, host)
  return redis.call('XADD', stream, '*', 't', target)
end

local function forget_stream(host, priority)
  redis.call('DEL', stream_of(host, priority))
  redis.call('ZREM', P .. 'prios:' .. host, priority)
  local least = redis.call('ZRANGE', P .. 'prios:' .. host, 0, 0)
  if #least == 0 then redis.call('ZREM', P .. 'hosts', host)
  else redis.call('ZADD', P .. 'hosts', least[1], host) end
end

local function dequeue(host, entry)
  if entry.i == nil then return end
  local stream = stream_of(host, entry.q)
  redis.call('XACK', stream, GROUP, entry.i)
  redis.call('XDEL', stream, entry.i)
  if redis.call('XLEN', stream) == 0 then forget_stream(host, entry.q) end
  entry.i, entry.q = nil, nil
end

-- Queue a settled address again. `requeue` is its row as JSON: key, host, priority, target. Returns its host.
local function queue_again(requeue)
  local row = cjson.decode(requeue)
  local entry = load(row.key)
  if not entry or entry.s ~= 1 then return nil end
  count(1, -1)
  count(0, 1)
  entry.s, entry.q = 0, row.priority
  entry.i = enqueue(row.host, row.priority, row.target)
  save(row.key, entry)
  return row.host
end

-- Queue again the pages that deferred to an address. Returns their hosts.
local function call_back(key)
  local name, hosts = P .. 'standing:' .. key, {}
  for _, requeue in ipairs(redis.call('SMEMBERS', name)) do hosts[#hosts + 1] = queue_again(requeue) end
  redis.call('DEL', name)
  return hosts
end
