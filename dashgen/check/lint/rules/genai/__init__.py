"""Lint rules about the metrics of language models."""
