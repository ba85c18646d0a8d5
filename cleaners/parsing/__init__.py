"""Bytes to text, and text or markup to Blocks."""
