"""The import paths of the predecessor API: re-exports only, no logic of its own."""
