"""What every panel has, whatever its type."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Raw, Spec, doc
from dashgen.model.target_spec import DataWarning, Query
from dashgen.model.visibility_spec import Columns, HideWhen, ShowWhen

Number: TypeAlias = int | float
Digits: TypeAlias = Annotated[int, msgspec.Meta(title="a number of digits, 0 to 20", ge=0, le=20)]
Calc: TypeAlias = Literal[
    "last", "lastNotNull", "first", "firstNotNull", "min", "max", "mean", "median", "sum", "count", "range",
    "delta", "step", "diff", "diffperc", "logmin", "allIsZero", "allIsNull", "changeCount", "distinctCount",
    "variance", "stdDev", "allValues", "uniqueValues", "p90", "p95", "p99",
]  # fmt: skip


class At(Spec, kw_only=True):
    """An explicit place on the grid of 24 columns."""

    x: Annotated[int, doc("Columns from the left.", ge=0, le=23)]
    y: Annotated[int, doc("Grid rows from the top of the dashboard or row.", ge=0)]
    w: Annotated[int, doc("Width in columns.", ge=1, le=24)]
    h: Annotated[int, doc("Height in grid rows of 30 pixels.", ge=1)]


class Mapping(Spec, kw_only=True):
    """What is shown instead of a value."""

    text: Annotated[str | None, doc("The text shown.", "Down")] = None
    color: Annotated[str | None, doc("Its colour.", "red")] = None
    icon: Annotated[str | None, doc("An icon's path.")] = None


class Link(Spec, kw_only=True):
    """A link on a panel or on its values."""

    title: Annotated[str, doc("The link's text.", "Logs of ${__data.fields.user_id}")]
    dashboard: Annotated[str | None, doc("The uid of a dashboard to go to.", "user-analytics")] = None
    url: Annotated[
        str | None,
        doc("An address; Grafana's variables work in it.", "https://wiki/runbooks/${__field.labels.tool}"),
    ] = None
    explore: Annotated[str | None, doc("A data source to explore with `query`.", "loki")] = None
    query: Annotated[
        str, doc("The query for `explore`.", '{app="shop"} | json | user_id="${__data.fields.user_id}"')
    ] = ""
    variables: Annotated[
        dict[str, str], doc("Values for the dashboard's variables.", {"tier": "${__field.labels.tier}"})
    ] = {}
    keep_time: Annotated[bool, doc("Take the time range along.")] = True
    keep_variables: Annotated[bool, doc("Take the variables' values along.")] = True
    new_tab: Annotated[bool, doc("Open in a new tab.")] = False
    one_click: Annotated[bool, doc("A click on the value follows the link, without a menu.")] = False


class Repeat(Spec, kw_only=True):
    """One panel for each value of a variable."""

    by: Annotated[str, doc("The variable's name.", "tier")]
    direction: Annotated[Literal["horizontal", "vertical"], doc("Side by side or below each other.")] = (
        "horizontal"
    )
    max_per_row: Annotated[Columns | None, doc("At most so many side by side.")] = None


class ThresholdValue(Spec, kw_only=True):
    """A threshold that a variable of the dashboard sets."""

    value: Annotated[str, doc("The variable.", "$limit")]
    fallback: Annotated[Number, doc("The threshold while the variable is no number.", 80)]


class Gradient(Spec, kw_only=True):
    """Colours from one to another, in the order of the series' values (Grafana 13.3 and later)."""

    start: Annotated[str, doc("The colour of the largest value.", "blue")]
    end: Annotated[str, doc("The colour of the smallest value.", "red")]


class FieldOptions(Spec, kw_only=True):
    """How values are shown; the same words in a panel and in its overrides."""

    unit: Annotated[
        str | None,
        doc("Grafana's unit id. Derived from the metric.", "s", "percentunit", "currencyUSD", "reqps"),
    ] = None
    decimals: Annotated[
        Digits | Literal["auto"] | None,
        doc("Digits after the point; `auto` leaves them to Grafana. Derived for counts.", 2),
    ] = None
    min: Annotated[Number | None, doc("The smallest value of the scale.", 0)] = None
    max: Annotated[Number | None, doc("The largest value of the scale.", 1)] = None
    color: Annotated[
        str | Gradient | None,
        doc(
            "A colour, or a colour scheme: `thresholds`, `palette-classic`, `palette-colorblind`, "
            "`continuous-GrYlRd` …; two colours make a gradient.",
            "blue",
            "thresholds",
            {"start": "blue", "end": "red"},
        ),
    ] = None
    no_value: Annotated[str | None, doc("Shown when there is no value.", "no traffic")] = None
    thresholds: Annotated[
        dict[str, Number | str | ThresholdValue | None] | None,
        doc(
            "Colours and the value from which each holds; the lowest is the base. `mode: percentage` counts "
            "in percent of min to max. `$limit` takes the value of a variable.",
            {"red": 0, "yellow": 0.9, "green": 0.95},
            {"green": 0, "red": "$limit"},
        ),
    ] = None
    mappings: Annotated[
        dict[str, str | Mapping] | None,
        doc(
            "What is shown instead of a value: `1: Up`, a range `0..5: low`, a pattern `/err.*/: failed`, "
            "or `null`, `nan`, `empty`, `true`, `false`.",
            {"0": {"text": "Down", "color": "red"}, "1": "Up"},
        ),
    ] = None
    display_name: Annotated[
        str | None, doc("The name of the series or column.", "${__field.labels.tier}")
    ] = None
    links: Annotated[list[Link], doc("Links on the values.")] = []


class Override(FieldOptions, kw_only=True):
    """Other field options for some series or columns. Exactly one of `name`, `regex`, `type`, `query`, `matcher` says which."""

    name: Annotated[str | None, doc("The series or column of this name.", "errors")] = None
    regex: Annotated[str | None, doc("Those whose name matches.", "/^P9.*/")] = None
    type: Annotated[
        Literal["number", "string", "time", "boolean", "trace", "frame", "geo", "enum", "other"] | None,
        doc("Those of this type."),
    ] = None
    query: Annotated[str | None, doc("Those of the query with this ref.", "B")] = None
    matcher: Annotated[
        Json | None,
        doc(
            "Those of another of Grafana's matchers, by its id, with its options.",
            {"byValue": {"reducer": "allIsZero", "op": "gte", "value": 0}},
        ),
    ] = None
    custom: Annotated[Json, doc("Options of the panel type, in its own short words.", {"axis": "right"})] = {}
    properties: Annotated[
        Json, doc("Grafana's property ids and values, as they are.", {"custom.width": 120})
    ] = {}


class Drawing(msgspec.Struct, frozen=True):
    """What the queries and the place of a panel mean for how it is drawn.

    Attributes:
        single: there is one series, and its name is the panel's title.
        sparse: there are values only where something was observed: quantiles and means.
        top: the largest number of series that a query such as ``topk(10, …)`` leaves; None when it is not
            known.
        height: the panel's height in grid rows.
    """

    single: bool = False
    sparse: bool = False
    top: int | None = None
    height: int = 8


class DerivedKey(NamedTuple):
    """A word of a panel that its spec leaves out, with the value that follows from the rest, and why."""

    name: str
    value: Any
    reason: str


class Panel(FieldOptions, kw_only=True):
    """A panel of any type. Its type's own options stand beside these.

    The class variables are facts about a type that the passes need: its id in Grafana, whether it takes and
    needs queries, what its Prometheus queries ask for unless they say otherwise, and whether an alert's
    threshold is drawn on it.
    """

    type_id: ClassVar[str] = ""
    takes_queries: ClassVar[bool] = True
    needs_queries: ClassVar[bool] = True
    asks_instant: ClassVar[bool] = False
    result_format: ClassVar[Literal["time_series", "table", "heatmap"]] = "time_series"
    draws_thresholds: ClassVar[bool] = False

    key: Annotated[
        str | None,
        doc(
            "A stable name: it keeps the panel's id when the title changes. Derived from the title.",
            "success-rate",
        ),
    ] = None
    title: Annotated[str, doc("The panel's title.", "✅ Success Rate")] = ""
    subtitle: Annotated[str | None, doc("A line below the title (format v2).", "all regions")] = None
    description: Annotated[
        str | None, doc("What the reader learns and should do. Derived from the metric's help.")
    ] = None
    datasource: Annotated[
        str | None, doc("A data source alias, uid, `type/uid` or `$variable`.", "prometheus", "loki/abc123")
    ] = None
    query: Annotated[
        str | Json | None,
        doc(
            "The query; short for `queries` with one.",
            "sum(rate(http_requests_total[$__rate_interval]))",
            {"rawSql": "SELECT 1", "format": "table"},
        ),
    ] = None
    legend: Annotated[str | None, doc("The series' name for `query`.", "{{tier}}")] = None
    exemplars: Annotated[bool, doc("Show the exemplars of `query`, the dots that lead to traces.")] = False
    queries: Annotated[
        list[Query] | dict[str, str | Query] | None,
        doc("Several queries: a list, or a map from legend to query.", {"ok": "sum(a)", "failed": "sum(b)"}),
    ] = None
    warnings: Annotated[
        list[DataWarning],
        doc(
            "Conditions under which the panel's data cannot be trusted. Each is shown on the panel while it "
            "holds, and reported by `dashgen check --live`."
        ),
    ] = []
    width: Annotated[
        int | str | None,
        doc("Columns of 24, or a fraction such as `1/3`. Equal shares when absent.", 8, "1/3"),
    ] = None
    height: Annotated[Count | None, doc("Grid rows of 30 pixels; the row's when absent.", 8)] = None
    at: Annotated[At | None, doc("An explicit place instead of the flow.")] = None
    transparent: Annotated[bool, doc("No background.")] = False
    overrides: Annotated[list[Override], doc("Other field options for some series or columns.")] = []
    transformations: Annotated[
        list[str | Json],
        doc("Grafana's transformations, in order: a name, or a name and its options.", [{"organize": {}}]),
    ] = []
    panel_links: Annotated[list[Link], doc("Links in the panel's header.")] = []
    drill_down: Annotated[
        str | Link | None, doc("The dashboard that shows more; time range and variables are kept.", "ai-cost")
    ] = None
    repeat: Annotated[str | Repeat | None, doc("One panel for each value of a variable.", "tier")] = None
    interval: Annotated[str | None, doc("The smallest step of its queries.", "1m", "$step")] = None
    max_points: Annotated[Count | None, doc("How many points at most.")] = None
    time_from: Annotated[
        str | None, doc("Its own time range: back from now, or forward with a `+`.", "7d", "+7d")
    ] = None
    time_shift: Annotated[str | None, doc("Its own shift into the past.", "1w")] = None
    time_compare: Annotated[
        str | None, doc("Also draw the time so long before, for comparison (Grafana 13.3).", "1d", "1w")
    ] = None
    show_when: ShowWhen = None
    hide_when: HideWhen = None
    hide_time: Annotated[bool, doc("Do not show its own time range in the header.")] = False
    raw: Raw = {}

    def wants_instant(self) -> bool:
        """Whether its Prometheus and Loki queries ask for one value now, unless they say otherwise."""
        return self.asks_instant

    def derived_keys(self, _drawing: Drawing, /) -> Iterator[DerivedKey]:
        """The words of its type that are left out and follow from what it draws."""
        yield from ()

    def too_small_for(self, _drawing: Drawing, /) -> int | None:
        """The height in grid rows that would show all that its queries leave.

        None where the panel's own is enough.
        """
        return None

    def query_list(self) -> list[tuple[tuple[str | int, ...], Query]]:
        """Its queries with the path of each below the panel, whichever way they are written."""
        if self.query is not None:
            return [((), Query(content=self.query, legend=self.legend, exemplars=self.exemplars))]
        if isinstance(self.queries, dict):
            return [(("queries", name), named_query(name, query)) for name, query in self.queries.items()]
        return [(("queries", i), query) for i, query in enumerate(self.queries or [])]


def named_query(name: str, query: str | Query) -> Query:
    """A query of the map form: its key is the legend unless it says otherwise."""
    if isinstance(query, str):
        return Query(content=query, legend=name)
    return replace(query, legend=name) if query.legend is None else query
