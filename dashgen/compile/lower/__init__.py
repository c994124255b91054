"""Settled dashboards become grafanalib objects; the only importer of grafanalib."""
