"""Specs and a running Grafana: `push` writes it, `pull` brings edits back, `install` serves a compose stack.

May import `importer`, `project`, `servers` and what is below them.
"""
