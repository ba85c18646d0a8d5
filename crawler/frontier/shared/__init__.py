"""One frontier in Redis for many crawlers: its keys, its scripts, and who has which host."""
