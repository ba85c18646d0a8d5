-- Queue again the pages that deferred to an address. ARGV: the key of that address. Returns their hosts.
local name = P .. 'standing:' .. ARGV[2]
local hosts = {}
for _, member in ipairs(redis.call('SMEMBERS', name)) do
  local row = cjson.decode(member)
  local entry = load(row.key)
  if entry and entry.s == 1 then
    count(1, -1)
    count(0, 1)
    entry.s, entry.q = 0, row.priority
    entry.i = enqueue(row.host, row.priority, row.target)
    save(row.key, entry)
    hosts[#hosts + 1] = row.host
  end
end
redis.call('DEL', name)
return hosts
