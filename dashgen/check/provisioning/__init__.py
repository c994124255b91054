"""Offline readers of provisioning files: as strict as Grafana's loaders, stricter where those are silent."""
