"""A simulated chat workspace: for trying things, for tests and for other programs."""
