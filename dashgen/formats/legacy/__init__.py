"""Panels of types that Grafana no longer runs, or with options of an earlier form, as panels of today."""
