"""A connector for the imaginary app Quill."""
