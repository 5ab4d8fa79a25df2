"""How work runs: a token to stop it, and progress out of it."""
