"""Clients of running servers: Grafana's API, Prometheus, Loki, Tempo, and HTTP with bounds below them.

Takes addresses and credentials, gives decoded answers or errors with a hint. May import `core`.
"""
