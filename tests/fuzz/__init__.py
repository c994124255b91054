"""Mutations of specs and of servers' answers through the commands themselves; `nox -s fuzz`, not part of the default run."""
