"""Cleaning in worker processes."""
