"""What each core panel of Grafana 12.4 may have in `options` and in `fieldConfig.defaults.custom`.

One entry per panel type: its name, the shape of its options and the shape of its custom field settings. A new
panel type is one new entry in one of these modules.
"""

from collections.abc import Mapping

from dashgen.validate.panel_schemas.charts import CHARTS
from dashgen.validate.panel_schemas.other import OTHER
from dashgen.validate.panel_schemas.stats import STATS
from dashgen.validate.panel_schemas.tables import TABLES
from dashgen.validate.shapes import Shape

PanelSchemas = Mapping[str, Mapping[str, Shape]]

PANEL_SCHEMAS: PanelSchemas = {**CHARTS, **STATS, **TABLES, **OTHER}
