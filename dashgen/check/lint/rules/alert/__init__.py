"""Lint rules about alert rules."""
