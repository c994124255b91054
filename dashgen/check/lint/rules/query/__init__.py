"""Lint rules about queries."""
