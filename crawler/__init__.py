"""Crawls sites: Scrapy's settings, seeds, spiders, middlewares, and the memory of what was fetched."""
