"""Lint rules about variables."""
