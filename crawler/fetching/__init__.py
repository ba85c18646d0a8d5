"""Fetches pages, politely and safely."""
