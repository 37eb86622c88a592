"""Parts that plug into an integration."""
