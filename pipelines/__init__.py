"""Records: a cleaned page becomes one, and records and pages are read from files and written to them."""
