"""Renders the kept blocks as plain text, Markdown, HTML, and a list of blocks."""
