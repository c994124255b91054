"""Classic dashboard JSON of any version in the form that Grafana 12 makes of it: schemaVersion 42, defaults filled in."""
