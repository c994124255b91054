"""A review as the Markdown of a comment and as a page that needs nothing else."""
