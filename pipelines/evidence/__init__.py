"""Finds the candidates for the record's fields, each with its evidence, and ranks them."""
