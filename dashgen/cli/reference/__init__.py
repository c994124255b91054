"""The reference documentation, made from what it describes."""
