"""What a page's markup says of itself."""
