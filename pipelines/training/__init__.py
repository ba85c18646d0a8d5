"""Weights for the evidence, learned from labelled pages."""
