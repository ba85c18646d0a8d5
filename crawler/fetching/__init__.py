"""How pages are fetched: politely and safely."""
