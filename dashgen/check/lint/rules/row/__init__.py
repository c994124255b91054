"""Lint rules about rows."""
