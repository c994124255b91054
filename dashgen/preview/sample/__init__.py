"""Data made up in the shape of a metric contract: the same each time."""
