"""Lint rules about groups of rules."""
