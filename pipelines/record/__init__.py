"""One page to one Article."""
