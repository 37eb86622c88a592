"""A connector for the imaginary app Ledger."""
