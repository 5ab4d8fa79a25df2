"""What the machine can do, what we do, and what the peer does, on the same data in one run: `./dev bench`."""
