"""Selects records: by filters, each with a reason, and without duplicates."""
