"""Writes records to files."""
