"""Dashboards that others made become specs: short, in the words of the language, and with the same JSON when built."""
