"""Differences as text, Markdown, JSON, GitHub annotations and unified diffs."""
