"""Addresses: their spelling, what kind of page they name, and which of them are traps."""
