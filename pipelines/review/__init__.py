"""Records and removals as pages that a person reads: one page, a whole run, and what changed between two runs."""
