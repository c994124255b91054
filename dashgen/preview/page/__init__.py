"""The page: its markup, styles and scripts."""
