"""The event at A."""
