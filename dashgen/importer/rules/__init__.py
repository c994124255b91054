"""Alert rules that others made become words of the language: Grafana's own, and those of Prometheus and Loki."""
