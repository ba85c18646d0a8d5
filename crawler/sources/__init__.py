"""Reads the sources of addresses: seed files, sitemaps and feeds."""
