-- Queue the addresses that are not known yet, or are due again. ARGV: run, stale_before, rows as JSON:
-- [key, host, priority, kind, lastmod or "", target as JSON]. Returns how many were queued.
local run, stale = tonumber(ARGV[2]), ARGV[3]
local added = 0
for _, row in ipairs(cjson.decode(ARGV[4])) do
  local key, host, priority, kind, lastmod, target = unpack(row)
  local entry = load(key)
  local due = entry == nil
  if entry and entry.s ~= 0 and entry.r < run then
    local known = entry.m or entry.f
    due = entry.s == 2 or entry.k ~= 'article' or kind == 'seed' or not entry.f or entry.f < stale
      or (lastmod ~= '' and known and lastmod > known)
  end
  if due then
    if entry then count(entry.s, -1) end
    entry = entry or { k = kind }
    if kind == 'seed' then entry.k = kind end
    entry.s, entry.r, entry.q = 0, run, priority
    entry.i = enqueue(host, priority, target)
    if lastmod ~= '' then entry.m = lastmod end
    count(0, 1)
    added = added + 1
    save(key, entry)
  elseif lastmod ~= '' and not entry.m then
    entry.m = lastmod
    save(key, entry)
  end
end
return added
