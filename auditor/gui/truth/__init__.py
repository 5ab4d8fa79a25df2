"""What is said of a history and of what is made of it, where something is not as it should be."""
