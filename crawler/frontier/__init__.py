"""Decides what is fetched next: the addresses of a crawl, the outcome of each fetch, and the limits of seeds."""
