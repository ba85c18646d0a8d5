"""What is fetched next: the addresses of a crawl, how each fetch ended, and what a seed's limits let through."""
