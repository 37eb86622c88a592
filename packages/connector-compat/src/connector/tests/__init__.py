"""What tests of connectors need; it comes with the extra `testing`."""
