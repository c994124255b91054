"""Lint rules about links."""
