"""What a page is: what its address says of it, and what its content says."""
