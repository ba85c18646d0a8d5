"""Comparisons with other extractors that anyone can repeat, and the floors that hold our own accuracy."""
