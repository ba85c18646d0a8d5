"""Characters, words and their hashes, in which all other parts count."""
