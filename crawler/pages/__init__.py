"""What a fetched page is, and what it links to."""
