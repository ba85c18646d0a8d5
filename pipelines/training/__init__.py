"""Learns the weights of the evidence from labelled pages."""
