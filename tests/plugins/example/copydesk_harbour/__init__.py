"""What a harbour's newspaper needs besides what Copydesk does by itself."""
