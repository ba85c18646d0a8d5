"""The kept blocks in other forms than plain text."""
