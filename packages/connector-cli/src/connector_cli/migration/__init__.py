"""What `connector migrate` knows and does."""
