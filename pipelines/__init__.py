"""Records: STAGES, writers, the offline runner and the command line."""
