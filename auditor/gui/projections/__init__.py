"""Projections and their rebuild."""
