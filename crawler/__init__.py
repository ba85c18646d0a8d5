"""Fetching: Scrapy settings, seeds, spiders, middlewares, what was already seen."""
