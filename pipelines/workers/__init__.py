"""Cleans pages in worker processes."""
