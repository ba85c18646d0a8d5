"""Judges what a page is, by its address and by its content."""
