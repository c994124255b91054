"""Lint rules about the metric contract."""
