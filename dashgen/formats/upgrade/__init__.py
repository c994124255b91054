"""Dashboards of any version in the form that Grafana 12 gives them: schemaVersion 42."""
