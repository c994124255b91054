"""Lint rules about LogQL."""
