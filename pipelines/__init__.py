"""Records: makes them from cleaned pages, and reads and writes files of pages and of records."""
