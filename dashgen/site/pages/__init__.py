"""What each kind of page shows, as plain texts and links for its template."""
