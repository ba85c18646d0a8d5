"""What happens while a crawl runs: its state, whose turn it is, how each page is settled, and how the crawl ends."""
