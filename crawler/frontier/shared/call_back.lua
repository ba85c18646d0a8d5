-- Queue again the pages that deferred to an address. ARGV: the key of that address. Returns their hosts.
return call_back(ARGV[2])
