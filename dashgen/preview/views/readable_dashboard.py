"""Dashboards of any form in the one that views are made of."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION
from dashgen.formats.upgrade.envelope import find_dashboard
from dashgen.formats.upgrade.library_panels import with_models
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade


def readable_dashboard(document: Any, models: Mapping[str, Json] | None = None) -> Json:
    """A dashboard in the extended classic form.

    Args:
        document: what is in a file or an answer of Grafana: any version, with or without an envelope.
        models: the models of library panels by uid.

    Raises:
        NotADashboardError: there is none in it.
    """
    source = find_dashboard(document)
    dashboard, _ = with_models(source.dashboard, models or {})
    if dashboard.get("schemaVersion") == SCHEMA_VERSION and "rows" not in dashboard:
        return dashboard
    from msgspec.structs import replace

    return upgrade(replace(source, dashboard=dashboard), Notes())
