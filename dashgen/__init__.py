"""dashgen: YAML specs become Grafana dashboards, alert rules and provisioning files."""

__version__ = "0.1.0"
