"""Making a new connector."""
