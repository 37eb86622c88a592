"""A connector for the imaginary app Vault."""
