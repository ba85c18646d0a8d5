"""Characters, words and their hashes: what every other part counts with."""
