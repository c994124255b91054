"""Answers of Prometheus and Loki as the frames that Grafana makes of them."""
