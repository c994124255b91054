"""Lint rules about what an organisation demands."""
