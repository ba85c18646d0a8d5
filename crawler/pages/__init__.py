"""Reads a fetched page: what it is, and what it links to."""
