"""Pictures of every panel and state of the real window: `./dev shots [FOLDER]`."""
