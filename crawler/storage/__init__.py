"""Keeps on disk what must outlast the process: the store, the ledger, the archive and the output."""
