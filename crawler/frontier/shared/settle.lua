-- Write how fetches ended, and acknowledge their addresses. ARGV: run, rows as JSON objects: key, host, target (as JSON),
-- state, outcome, kind, fetched, etag, modified, content, body, record, seed, stands (the key of another address),
-- article (whether it is one; not there if it is unchanged), requeue (the row that queues it again, if it stands for
-- another), again (as JSON, if a further run asks this address again), stale (the same, if a further run asks it again
-- when its record is old enough).
--
-- A page may defer to an address of another crawler's host. Whichever of the two is settled last looks at the other, so
-- that no page waits for an article that is not there.
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
  if row.outcome ~= 'unchanged' or not entry.o then entry.o = row.outcome end
  if row.article ~= nil then entry.a = row.article end
  entry.s, entry.r, entry.k = row.state, run, row.found or entry.k
  entry.e, entry.l = row.etag or entry.e, row.modified or entry.l
  entry.c, entry.b, entry.d = row.content or entry.c, row.body or entry.b, row.record or entry.d
  save(row.key, entry)
  if not (entry.a or entry.d) then call_back(row.key) end
  if row.stands then
    local first = load(row.stands)
    if first and first.s ~= 0 and not (first.a or first.d) then queue_again(row.requeue)
    else redis.call('SADD', P .. 'standing:' .. row.stands, row.requeue) end
  end
  if row.again then redis.call('HSET', P .. 'again', row.key, row.again)
  else redis.call('HDEL', P .. 'again', row.key) end
  if row.stale and entry.d then redis.call('HSET', P .. 'articles', row.key, row.stale)
  else redis.call('HDEL', P .. 'articles', row.key) end
end
return 1
