"""Runs a crawl: its state, the hosts' turns, the settlement of each page, and the end of the crawl."""
