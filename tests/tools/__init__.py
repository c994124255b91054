"""Programs that try dashgen on much that is not in the repository."""
