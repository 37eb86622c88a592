"""One test a capability, beside its cases."""
