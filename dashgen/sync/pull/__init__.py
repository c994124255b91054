"""Take what people changed in Grafana's UI back into the specs, as the smallest patch that builds to it."""
