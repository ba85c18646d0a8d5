"""What is fetched next."""
