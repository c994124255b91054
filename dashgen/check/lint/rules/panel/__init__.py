"""Lint rules about panels."""
