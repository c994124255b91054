"""Imports alert rules and notifications of Grafana, and rule files of Prometheus and Loki.

Takes JSON or YAML data, gives `AlertRules` and `Notifications` documents; each rule is built again and
compared.
"""
