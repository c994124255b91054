"""Check artifacts as Grafana, Prometheus and Loki would read them, before they do."""
