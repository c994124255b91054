"""Dashboards with every value settled: what the passes make of the model, and what lowering reads.

A `SettledPanel` holds a panel as written and, beside it, everything that was derived: its id, place, data
source, queries with refs and legends, unit, thresholds. `derived` has the reason for each derived value.
"""

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.model.dashboard_spec import Dashboard, DashboardAnnotation, DashboardLink
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Link, Panel, Repeat
from dashgen.model.target_spec import DataWarning, Query
from dashgen.model.variable_spec import Variable
from dashgen.source.source import Path


class Grid(Struct, frozen=True):
    """A place on Grafana's grid: 24 columns, rows of 30 pixels."""

    x: int
    y: int
    w: int
    h: int


class Step(Struct, frozen=True):
    """A threshold: the colour that holds from ``value`` on; the base has no value."""

    color: str
    value: float | int | None


class Thresholds(Struct, frozen=True):
    """Steps in rising order; the first is the base."""

    steps: tuple[Step, ...]
    percentage: bool = False


class SettledQuery(Struct):
    """A query with its ref, data source, legend and result form.

    Attributes:
        sent: the text for the server, where it is not the written one.
        warning: the data warning whose query it is.
        scaler: the name of the scaler that brought it to its panel; empty for those of the panel.
    """

    query: Query
    path: Path
    ref: str
    datasource: DataSourceRef
    legend: str
    instant: bool = False
    both: bool = False
    format: str = "time_series"
    sent: str = ""
    warning: DataWarning | None = None
    scaler: str = ""


class SettledPanel(Struct):
    """A panel with everything derived."""

    panel: Panel
    path: Path
    key: str
    id: int
    grid: Grid
    datasource: DataSourceRef | None
    queries: list[SettledQuery]
    description: str | None
    unit: str | None
    thresholds: Thresholds | None
    threshold_lines: bool = False
    links: list[Link] = []
    panel_links: list[Link] = []
    repeat: Repeat | None = None
    derived: dict[str, str] = {}


class SettledRow(Struct):
    """A row; without a title only its panels exist in Grafana."""

    title: str | None
    path: Path
    id: int
    grid: Grid
    collapsed: bool
    repeat: Repeat | None
    panels: list[SettledPanel]
    raw: Json = {}


class SettledVariable(Struct):
    """A variable with its data source."""

    variable: Variable
    path: Path
    datasource: DataSourceRef | None = None


class SettledAnnotation(Struct):
    """An annotation query with its data source."""

    annotation: DashboardAnnotation
    path: Path
    datasource: DataSourceRef


class SettledLink(Struct):
    """A dashboard link with the title it is shown with."""

    link: DashboardLink
    title: str


class SettledDashboard(Struct):
    """A dashboard with everything derived.

    ``rows`` holds all panels, those without a row in an untitled first one.
    """

    dashboard: Dashboard
    uid: str
    rows: list[SettledRow]
    variables: list[SettledVariable]
    annotations: list[SettledAnnotation]
    links: list[SettledLink]
    tags: list[str]
