"""Attacks on Copydesk: hostile pages and files from a seed, kills, floods, and slow patterns.

`python -m tests.hostile --cases 100000` runs more pages than the suite does.
"""
