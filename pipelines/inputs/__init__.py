"""Reads files, archives and streams, and gives Pages."""
