"""Queries of panels: what a data source is asked, and expressions over the answers."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Duration, Raw, Spec, Title, doc, form

QueryRef: TypeAlias = Annotated[
    str, form("a ref (text without `$`, `{` and `}`)", r"^[^\s${}](?:[^\n${}]*[^\s${}])?$", "A", "JVM heap")
]
Reducer: TypeAlias = Literal["sum", "mean", "min", "max", "count", "last", "median"]
Downsampler: TypeAlias = Literal["last", "min", "max", "mean", "sum"]
Upsampler: TypeAlias = Literal["pad", "backfilling", "fillna"]


class Reduce(Spec, kw_only=True):
    """Reduces each series of a query to one number."""

    of: Annotated[str, doc("The query, by its ref.", "A")]
    by: Annotated[Reducer, doc("How.", "last")] = "last"
    non_numeric: Annotated[
        Literal["strict", "drop", "replace"],
        doc("What to do with NaN, infinity and null: give them, drop them, replace them."),
    ] = "strict"
    replace_with: Annotated[float, doc("The number for `non_numeric: replace`.")] = 0


class Resample(Spec, kw_only=True):
    """Brings series to a fixed step, so that they can be combined."""

    of: Annotated[str, doc("The query, by its ref.", "A")]
    step: Annotated[Duration, doc("The new step.", "1m")]
    down: Annotated[Downsampler, doc("How several points become one.")] = "mean"
    up: Annotated[Upsampler, doc("How a missing point is filled.")] = "fillna"


class ThresholdExpression(Spec, kw_only=True):
    """1 where the number meets the condition, else 0."""

    of: Annotated[str, doc("The query, by its ref.", "B")]
    when: Annotated[str, doc("The condition.", "above 0.9", "between 1 and 5")]


class SearchTraces(Spec, kw_only=True):
    """A search for traces by service, name, tags and duration, without writing TraceQL."""

    service: Annotated[str, doc("The service's name.", "shop")] = ""
    span: Annotated[str, doc("The span's name.", "POST /query")] = ""
    status: Annotated[Literal["error", "ok", "unset"] | None, doc("Only traces with this status.")] = None
    min_duration: Annotated[Duration | None, doc("Only spans at least this long.", "10s")] = None
    max_duration: Annotated[Duration | None, doc("Only spans at most this long.")] = None
    tags: Annotated[dict[str, str], doc("Span attributes and their values.", {"user.tier": "pro"})] = {}


class Query(Spec, kw_only=True):
    """One query of a panel. Which keys apply depends on the type of its data source."""

    content: Annotated[
        str | Json,
        doc(
            "PromQL, LogQL, TraceQL or another text, by the data source's type; a map has the fields of any "
            "plugin's query.",
            "sum(rate(http_requests_total[$__rate_interval]))",
            {"rawSql": "SELECT 1", "format": "table"},
        ),
    ] = msgspec.field(default="", name="query")
    legend: Annotated[
        str | None,
        doc("The series' name; `{{label}}` is the label's value. Derived from the `by` labels.", "{{tier}}"),
    ] = None
    datasource: Annotated[
        str | None,
        doc("A data source alias, uid, `type/uid` or `$variable`; the panel's when absent.", "loki"),
    ] = None
    ref: Annotated[
        QueryRef | None, doc("The refId that expressions and overrides use; A, B, C … when absent.", "errors")
    ] = None
    hide: Annotated[bool, doc("Run the query for expressions only, do not draw it.")] = False
    instant: Annotated[
        bool | Literal["both"] | None,
        doc(
            "Prometheus, Loki: one value now (`true`), over time (`false`) or both. Derived from the panel "
            "type."
        ),
    ] = None
    format: Annotated[
        Literal["time_series", "table", "heatmap"] | None,
        doc("Prometheus: the shape of the result. Derived from the panel type."),
    ] = None
    exemplars: Annotated[bool, doc("Prometheus: show exemplars, the dots that lead to traces.")] = False
    step: Annotated[str | None, doc("Prometheus: the smallest step; Loki: the step.", "1m", "$step")] = None
    resolution: Annotated[
        Literal["1/2", "1/3", "1/4", "1/5", "1/10"] | None,
        doc(
            "Prometheus: the share of the points that a panel has place for, by steps as many times as long."
        ),
    ] = None
    max_lines: Annotated[Count | None, doc("Loki: how many lines.", 100)] = None
    direction: Annotated[Literal["backward", "forward"], doc("Loki: newest or oldest lines first.")] = (
        "backward"
    )
    limit: Annotated[Count | None, doc("Tempo: how many traces.", 20)] = None
    spans_per_trace: Annotated[Count | None, doc("Tempo: how many spans of each trace.")] = None
    table: Annotated[Literal["traces", "spans", "raw"] | None, doc("Tempo: what a row of the result is.")] = (
        None
    )
    search: Annotated[SearchTraces | None, doc("Tempo: a search without TraceQL.")] = None
    service_map: Annotated[
        bool | str, doc("Tempo: the service graph; text narrows it.", '{client="shop"}')
    ] = False
    math: Annotated[str | None, doc("Expression: arithmetic over other queries.", "$A / $B")] = None
    reduce: Annotated[Reduce | None, doc("Expression: each series becomes one number.")] = None
    resample: Annotated[Resample | None, doc("Expression: another step.")] = None
    threshold: Annotated[ThresholdExpression | None, doc("Expression: 1 where the condition holds.")] = None
    raw: Raw = {}

    @property
    def query(self) -> str:
        """The text that is asked; empty where the fields of a plugin's query are given, or something else."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def fields(self) -> Json:
        """The fields of a plugin's query, where those are given."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def is_expression(self) -> bool:
        """Whether Grafana computes it from other queries."""
        return any((self.math, self.reduce, self.resample, self.threshold))


LabelName: TypeAlias = Annotated[str, form("a label", r"^[A-Za-z_][A-Za-z0-9_]*$", "variant")]


class DataWarning(Spec, kw_only=True):
    """Why the data of a panel cannot be trusted, and the query that tells when."""

    query: Annotated[
        str,
        doc("PromQL or LogQL. The warning holds while the query has a result.", "sum(experiment_users) < 30"),
    ]
    when: Annotated[
        str | None,
        doc("A condition on the query's values; any result without it.", "below 0.001", "at least 1"),
    ] = None
    message: Annotated[
        Title,
        doc(
            "What is wrong, in the words of the reader; `{{label}}` is a label's value.",
            "fewer than 30 users",
        ),
    ]
    fix: Annotated[str, doc("What to do; `dashgen check --live` says it.", "wait for more users")] = ""
    datasource: Annotated[str | None, doc("The data source of the query; the panel's when absent.")] = None
    column: Annotated[
        LabelName | None,
        doc(
            "Tables: the label in whose column the message is shown. Derived from the first query's `by`.",
            "variant",
        ),
    ] = None
