"""Frames of data, and how Grafana names, reduces, colours and writes their fields."""
