"""From a settled dashboard to the JSON that is written."""

from collections.abc import Mapping
from typing import Any

from dashgen.lowering.dashboard import lower
from dashgen.migration.dashboard import migrate
from dashgen.migration.raw import merge_raw
from dashgen.model.datasources import DataSourceRef
from dashgen.model.settled import SettledDashboard


def dashboard_json(
    settled: SettledDashboard, datasources: Mapping[str, DataSourceRef] | None = None
) -> dict[str, Any]:
    """The JSON of a dashboard: lowered to grafanalib, migrated, and with every ``raw:`` merged last.

    Args:
        settled: the dashboard.
        datasources: data sources by alias and uid, for links into Explore.
    """
    return merge_raw(settled, migrate(lower(settled, datasources)))
