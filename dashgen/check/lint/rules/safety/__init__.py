"""Lint rules about secrets, personal data and scripts."""
