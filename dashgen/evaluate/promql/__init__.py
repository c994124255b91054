"""Evaluate PromQL on made-up series. Source: promql/engine.go and promql/functions.go of Prometheus 3.14."""
