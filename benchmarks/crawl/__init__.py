"""Measurements of the crawl: kills, recall, throughput, a million addresses."""
