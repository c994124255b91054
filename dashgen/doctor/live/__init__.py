"""Dashboards against running servers: what their queries yield, why not, and what they cost."""
