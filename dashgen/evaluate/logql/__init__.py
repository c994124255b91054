"""Evaluate LogQL on made-up log lines. Source: pkg/logql of Loki 3.7."""
