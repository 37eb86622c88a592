"""The connector that every side runs: one source, with the names of the side's own SDK."""
