"""Reads dates in text and in machine-readable places: shapes, month names, order of day and month, relative times."""
