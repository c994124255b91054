"""Lint rules about annotations."""
