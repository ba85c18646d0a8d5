"""Shows records and removals to a person: one page, a whole run, and the changes between two runs."""
