"""Blocks to the numbers that the classifiers read."""
