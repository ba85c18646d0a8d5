"""What outlasts the process: the store, the ledger, the archive and the output."""
