"""A against B: which fields differ, and the events in between."""
