"""Render Go templates of alert texts as their servers do. Source: Go's text/template (1.24)."""
