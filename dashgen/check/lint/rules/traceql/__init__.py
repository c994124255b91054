"""Lint rules about TraceQL."""
