"""The content of panels as HTML and as charts that a script draws: one file a panel type."""
