"""Where addresses come from: seed files, sitemaps and feeds."""
