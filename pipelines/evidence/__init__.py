"""Candidates for the record's fields, each with what speaks for it, ranked."""
