"""grafanalib's JSON becomes what Grafana stores today: schemaVersion 42, nothing stale, nothing for Grafana to repair."""

from dashgen.migration.dashboard import SCHEMA_VERSION, migrate
from dashgen.migration.raw import merge_raw

__all__ = ["SCHEMA_VERSION", "merge_raw", "migrate"]
