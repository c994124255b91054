"""Lint rules about recording rules."""
