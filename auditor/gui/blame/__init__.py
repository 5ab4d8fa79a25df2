"""One field: every value that it had, and who set it."""
