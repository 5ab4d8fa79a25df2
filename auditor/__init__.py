"""Auditor: see what an event store says, at any version, and trust it."""
