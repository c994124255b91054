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
from dashgen.model.visibility_spec import ShowCondition
from dashgen.source.source import Path


class Grid(Struct, frozen=True):
    """A place on Grafana's grid: 24 columns, rows of 30 pixels."""

    x: int
    y: int
    w: int
    h: int


class Step(Struct, frozen=True):
    """A threshold: the colour that holds from ``value`` on; the base has no value.

    ``expression`` is the text with a variable that sets the value, `$limit`; ``value`` counts as long as that
    gives no number.
    """

    color: str
    value: float | int | None
    expression: str = ""


class Thresholds(Struct, frozen=True):
    """Steps in rising order; the first is the base."""

    steps: tuple[Step, ...]
    percentage: bool = False


class AutoGrid(Struct, frozen=True):
    """A grid that arranges its panels by itself; widths and heights are names, or numbers of pixels."""

    columns: int = 3
    column_width: str | int = "standard"
    row_height: str | int = "standard"
    fill: bool = False


def auto_grid_json(layout: AutoGrid) -> Json:
    """The grid in the extended classic form (`formats/v2`)."""
    return {
        "kind": "auto",
        "columns": layout.columns,
        "columnWidth": layout.column_width,
        "rowHeight": layout.row_height,
        "fill": layout.fill,
    }


class Visibility(Struct, frozen=True):
    """When something is shown, or with ``hidden`` when it is not.

    All ``conditions`` have to hold, or with ``any`` one of them.
    """

    conditions: tuple[ShowCondition, ...]
    hidden: bool = False
    any: bool = False


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
    visibility: Visibility | None = None
    derived: dict[str, str] = {}


class SettledVariable(Struct):
    """A variable with its data source."""

    variable: Variable
    path: Path
    datasource: DataSourceRef | None = None


class SettledRow(Struct):
    """A row or tab; without a title only its panels exist in Grafana.

    Attributes:
        title: its title; empty for one that Grafana only knows because something is said of it.
        path: where it is in the spec.
        id: the id of its header.
        grid: the place of its header in the classic form.
        collapsed: whether it is folded away at first.
        repeat: how it is repeated.
        panels: its panels, not those of the sections in it.
        raw: what is merged into its header.
        kind: `row` or `tab`.
        level: how many sections are around it; those in it follow it.
        layout: how it arranges its panels by itself; None for fixed places.
        visibility: when it is shown; None for always.
        variables: the variables that only it and the sections in it know.
        hide_header: whether its title is hidden.
        fill_screen: whether it is as high as the window.
    """

    title: str | None
    path: Path
    id: int
    grid: Grid
    collapsed: bool
    repeat: Repeat | None
    panels: list[SettledPanel]
    raw: Json = {}
    kind: str = "row"
    level: int = 0
    layout: AutoGrid | None = None
    visibility: Visibility | None = None
    variables: list[SettledVariable] = []
    hide_header: bool = False
    fill_screen: bool = False


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

    ``rows`` holds all panels, those without a row in an untitled first one, and rows and tabs in the order in
    which they are written, each before those in it. ``layout`` is that of a dashboard without rows and tabs.
    """

    dashboard: Dashboard
    uid: str
    rows: list[SettledRow]
    variables: list[SettledVariable]
    annotations: list[SettledAnnotation]
    links: list[SettledLink]
    tags: list[str]
    layout: AutoGrid | None = None

    def all_variables(self) -> list[SettledVariable]:
        """The variables of the dashboard and of its sections."""
        return [*self.variables, *(variable for row in self.rows for variable in row.variables)]
