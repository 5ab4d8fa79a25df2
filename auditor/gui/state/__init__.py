"""The state at A as a tree."""
