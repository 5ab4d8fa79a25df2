"""The timeline: lanes by event type, cursor, overview and slider."""
