"""Specs and a running Grafana: `push` brings one to the other, `pull` brings edits back, `install` serves a compose stack.

May import `importer`, `project`, `servers` and what is below them.
"""
