"""Offline readers of Grafana's provisioning files, as strict as its own loaders and stricter where those are silent."""
