"""What each core panel of Grafana 12.4 may have in `options` and in `fieldConfig.defaults.custom`.

One entry per panel type: its name, the shape of its options and the shape of its custom field settings. A new
panel type is one new entry in one of these modules.
"""

from collections.abc import Mapping

from dashgen.check.json_shapes import Shape
from dashgen.check.panel_schemas.chart_schemas import CHARTS
from dashgen.check.panel_schemas.other_schemas import OTHER
from dashgen.check.panel_schemas.stat_schemas import STATS
from dashgen.check.panel_schemas.table_schemas import TABLES

PanelSchemas = Mapping[str, Mapping[str, Shape]]

PANEL_SCHEMAS: PanelSchemas = {**CHARTS, **STATS, **TABLES, **OTHER}
