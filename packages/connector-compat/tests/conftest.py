"""The old connectors are data: their own tests run in processes of their own."""

collect_ignore = ["old_connectors"]
