"""Reads what a page's markup states about the page."""
