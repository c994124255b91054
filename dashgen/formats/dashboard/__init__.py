"""grafanalib's JSON as Grafana stores it today: schemaVersion 42, nothing stale, nothing to repair."""

from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION, migrate
from dashgen.formats.dashboard.raw_merge import merge_raw

__all__ = ["SCHEMA_VERSION", "merge_raw", "migrate"]
