"""Grafana's transformations of frames. Source: transformations/transformers of @grafana/data 12.4.3."""
