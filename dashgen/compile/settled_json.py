"""From a settled dashboard to the JSON that is written."""

from collections.abc import Mapping

from dashgen.compile.lower.lower_dashboard import lower
from dashgen.core.json_values import Json
from dashgen.formats.dashboard.raw_merge import merge_raw
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.settled_dashboard import SettledDashboard


def dashboard_json(settled: SettledDashboard, datasources: Mapping[str, DataSourceRef] | None = None) -> Json:
    """The JSON of a dashboard: that of grafanalib's objects, with every ``raw:`` merged last.

    Args:
        settled: the dashboard.
        datasources: data sources by alias and uid, for links into Explore.
    """
    return merge_raw(settled, lower(settled, datasources).to_json_data())
