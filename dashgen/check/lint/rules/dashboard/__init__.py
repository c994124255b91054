"""Lint rules about dashboards."""
