"""The tests, a package, so that case modules have names."""
