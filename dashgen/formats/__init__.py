"""What Grafana, Prometheus and Loki read and write: dashboard JSON, its older versions, its normal form.

Takes and gives JSON values; no network, no files. May import `workspace` and what is below it, never a
compiler stage.
"""
