-- Write how fetches ended, and acknowledge their addresses. ARGV: run, rows as JSON objects: key, host, target (as JSON),
-- state, outcome, kind, fetched, etag, modified, content, body, record, seed, stands (the key of another address),
-- listing (as JSON, if a further run asks this address again).
local run = tonumber(ARGV[2])
for _, row in ipairs(cjson.decode(ARGV[3])) do
  local entry = load(row.key)
  if entry then
    count(entry.s, -1)
    if entry.s == 0 then dequeue(row.host, entry) end
  end
  entry = entry or { k = row.kind }
  count(row.state, 1)
  if row.record and not entry.d and redis.call('HEXISTS', P .. 'slots', row.seed) == 0 then
    redis.call('HINCRBY', P .. 'records', row.seed, 1)
  end
  if not (entry.k == 'live' and row.outcome == 'unchanged') then entry.f = row.fetched or entry.f end
  entry.s, entry.r, entry.o, entry.k = row.state, run, row.outcome, row.found or entry.k
  entry.e, entry.l = row.etag or entry.e, row.modified or entry.l
  entry.c, entry.b, entry.d = row.content or entry.c, row.body or entry.b, row.record or entry.d
  save(row.key, entry)
  if row.stands then redis.call('SADD', P .. 'standing:' .. row.stands, row.requeue) end
  if row.listing then redis.call('HSET', P .. 'listings', row.key, row.listing) end
end
return 1
