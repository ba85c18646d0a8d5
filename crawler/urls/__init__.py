"""Judges addresses by themselves: gives each one spelling, and finds those that are traps."""
