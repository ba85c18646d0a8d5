"""Copydesk: web pages and text dumps to clean article records."""
