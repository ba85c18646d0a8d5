"""Comparisons with other extractors that anyone can repeat, and floors for our own accuracy."""
