"""As of: going to what was true at a time, a position or an event."""
