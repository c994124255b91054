"""Where the data of panels comes from: made up, servers of telemetry, or a Grafana."""
