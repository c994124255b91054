"""Render Go templates of alert texts, as Prometheus, Loki and Grafana do. Source: Go's text/template (1.24)."""
