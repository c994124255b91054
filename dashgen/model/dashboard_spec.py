"""A dashboard as it is written in a spec, after components, loops and defaults are applied."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Raw, Spec, Title, Uid, doc, form
from dashgen.model.section_spec import Row, Tab
from dashgen.model.visibility_spec import Layout

TimeText: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a time range back from now, or `from to to`",
        min_length=1,
        examples=["6h", "now-7d to now-1d", "now/d"],
    ),
]
Refresh: TypeAlias = Annotated[
    str, form("an interval, `auto`, or `off`", r"^(?:off|auto|(?:[0-9]+(?:ms|[smhdwMy]))+)$", "30s", "off")
]


class DashboardAnnotation(Spec, kw_only=True):
    """Events drawn over the graphs."""

    name: Annotated[str, doc("The name of the switch above the dashboard.", "Launches")]
    datasource: Annotated[
        str | None,
        doc(
            "A data source alias, uid or `type/uid`; `grafana` for Grafana's own annotations.",
            "loki",
            "grafana",
        ),
    ] = None
    query: Annotated[str, doc("A query whose results are events.", "changes(app_info[1m]) > 0")] = ""
    tags: Annotated[list[str], doc("Grafana's own annotations with these tags.", ["feature-launch"])] = []
    match_any: Annotated[bool, doc("Any of the tags is enough.")] = False
    limit: Annotated[Count, doc("At most so many of Grafana's own annotations.")] = 100
    title: Annotated[str | None, doc("Prometheus: the title of each event.", "{{version}}")] = None
    text: Annotated[str | None, doc("Prometheus: the text of each event.")] = None
    tag_keys: Annotated[str | None, doc("Prometheus: labels shown as tags.", "version,env")] = None
    step: Annotated[str | None, doc("Prometheus: the step of the query.", "1m")] = None
    color: Annotated[str, doc("The colour of the marks.", "blue")] = "blue"
    enable: Annotated[bool, doc("Shown at first.")] = True
    hide: Annotated[bool, doc("No switch above the dashboard.")] = False
    raw: Raw = {}


class DashboardLink(Spec, kw_only=True):
    """A link at the top of a dashboard: to a dashboard, an address, or every dashboard with some tags."""

    title: Annotated[str | None, doc("The text; a dashboard's own title when absent.")] = None
    dashboard: Annotated[str | None, doc("The uid of a dashboard.", "ai-cost")] = None
    url: Annotated[str | None, doc("An address.", "https://wiki/runbooks")] = None
    tags: Annotated[list[str], doc("Dashboards with all these tags.", ["shop"])] = []
    dropdown: Annotated[bool, doc("Tagged dashboards as a drop-down.")] = False
    icon: Annotated[
        Literal["external link", "dashboard", "question", "info", "bolt", "doc", "cloud"],
        doc("The icon of an address."),
    ] = "external link"
    tooltip: Annotated[str, doc("Shown when the mouse is over it.")] = ""
    keep_time: Annotated[bool, doc("Take the time range along.")] = True
    keep_variables: Annotated[bool, doc("Take the variables' values along.")] = True
    new_tab: Annotated[bool, doc("Open in a new tab.")] = False


class TimePicker(Spec, kw_only=True):
    """What the time picker offers."""

    hidden: Annotated[bool, doc("No time picker.")] = False
    now_delay: Annotated[str | None, doc("How far back `now` is.", "1m")] = None
    refresh_intervals: Annotated[list[str] | None, doc("The refresh intervals offered.", ["10s", "1m"])] = (
        None
    )
    quick_ranges: Annotated[
        list[dict[str, str]] | None,
        doc("The ranges offered.", [{"display": "Last shift", "from": "now-8h", "to": "now"}]),
    ] = None


class PanelDefaults(Spec, kw_only=True):
    """Keys for panels of a dashboard that do not have them. They come before the project's defaults."""

    panel: Annotated[Json, doc("Keys of every panel.", {"datasource": "loki"})] = {}
    panels: Annotated[
        dict[str, Json],
        doc("Keys of the panels of a type.", {"timeseries": {"points": "never", "fill": 20}}),
    ] = {}


class Dashboard(Spec, kw_only=True):
    """A dashboard."""

    title: Annotated[Title, doc("The title.", "🚀 Mission Control")]
    uid: Annotated[
        Uid | None,
        doc("The uid: it is in every link to the dashboard. Derived from the title.", "mission-control"),
    ] = None
    description: Annotated[str, doc("What it is for.")] = ""
    folder: Annotated[
        str | None,
        doc("The folder's title, or a path of titles `A/B`; none for the root.", "Shop"),
    ] = None
    tags: Annotated[list[str], doc("Tags to find it by.", ["shop"])] = []
    datasource: Annotated[
        str | None, doc("The data source of panels that name none.", "prometheus", "prometheus/abc123")
    ] = None
    time: Annotated[TimeText, doc("The time range at first.", "6h", "now-7d to now-1d")] = "6h"
    refresh: Annotated[Refresh, doc("How often it reloads.", "30s", "off")] = "off"
    timezone: Annotated[
        str, doc("`browser`, `utc`, a place, or `default`: what each user has chosen.", "Europe/Berlin")
    ] = "browser"
    week_start: Annotated[
        Literal["saturday", "sunday", "monday"] | None, doc("The first day of the week.")
    ] = None
    tooltip: Annotated[
        Literal["single", "crosshair", "shared"], doc("What panels share when the mouse is over one of them.")
    ] = "single"
    editable: Annotated[bool, doc("May be edited in Grafana.")] = True
    live_now: Annotated[bool, doc("Redraw continuously.")] = False
    preload: Annotated[bool, doc("Load all panels at once, also those out of sight.")] = False
    time_picker: Annotated[TimePicker | None, doc("What the time picker offers.")] = None
    vars: Annotated[Json, doc("Constants for expressions.", {"window": "5m"})] = {}
    height: Annotated[Count, doc("The height of panels whose row says none.")] = 8
    layout: Layout = None
    defaults: Annotated[
        PanelDefaults | None,
        doc("What its panels have in common.", {"panels": {"timeseries": {"points": "never"}}}),
    ] = None
    variables: Annotated[
        list[Json],
        doc("Template variables.", [{"name": "tier", "query": "label_values(http_requests_total, tier)"}]),
    ] = []
    annotations: Annotated[list[DashboardAnnotation], doc("Events drawn over the graphs.")] = []
    links: Annotated[list[DashboardLink], doc("Links at the top.")] = []
    rows: Annotated[list[Row], doc("Rows of panels, top to bottom.")] = []
    tabs: Annotated[list[Tab], doc("Tabs, instead of rows and panels. They need the format v2.")] = []
    panels: Annotated[list[Json], doc("Panels without a row, above the rows.")] = []
    raw: Raw = {}
