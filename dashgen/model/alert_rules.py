"""Alert rules and recording rules, as they are written in a spec."""

import hashlib
import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.model.base import Count, Duration, Labels, OneOrMore, Raw, Ref, Spec, Uid, doc, form
from dashgen.model.document import SpecDocument
from dashgen.model.parse import convert
from dashgen.model.spec_sections import items_of
from dashgen.model.target_spec import Query, Reducer
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

RuleName: TypeAlias = Annotated[
    str, msgspec.Meta(title="a name of at most 190 characters", min_length=1, max_length=190)
]
MetricName: TypeAlias = Annotated[
    str,
    form("a metric name (letters, digits, `_` and `:`; no braces)", r"^[^{}]+$", "job:queries:rate5m"),
]
PanelPath: TypeAlias = Annotated[
    str, form("a panel (`dashboard-uid/panel-key`)", r"^[A-Za-z0-9_-]+/.+$", "mission-control/query-rate")
]
Output: TypeAlias = Literal["grafana", "prometheus", "loki"]
Outputs: TypeAlias = Annotated[
    list[Output],
    doc(
        "Where the rules go: `grafana` evaluates them itself, `prometheus` and `loki` are rule files for "
        "those servers. Grafana and the rule file of the data source's type when absent.",
        ["grafana"],
    ),
]
SeverityWord: TypeAlias = Literal["info", "warning", "critical"]
SEVERITIES: Final = frozenset(get_args(SeverityWord))
NoData: TypeAlias = Literal["ok", "alerting", "no_data", "keep_last"]
OnError: TypeAlias = Literal["error", "alerting", "ok", "keep_last"]


class LogLines(Spec, kw_only=True):
    """Lines of one log stream at some times."""

    stream: Annotated[dict[str, str], doc("The labels of the stream.", {"app": "shop"})]
    line: Annotated[str, doc("The line.", '{"level": "error", "user_id": "7"}')]
    at: Annotated[OneOrMore, doc("When it is written, counted from the start.", "0s", ["1m", "2m"])] = "0s"
    every: Annotated[
        Duration | None, doc("Written again so often, `times` times; each minute when absent.", "10s")
    ] = None
    times: Annotated[
        int,
        msgspec.Meta(title="a number from 1 to 100000", ge=1, le=100_000),
        doc("How many times it is written.", 51),
    ] = 1


class QueryFailure(Spec, kw_only=True):
    """A time in which the data source does not answer."""

    from_: Annotated[Duration, doc("When it starts.", "5m")] = msgspec.field(name="from")
    to: Annotated[Duration, doc("The last moment of it.", "10m")]


_SERIES = doc(
    "Series and their values, one per `interval`, in promtool's notation: `0+20x10` starts at 0 and "
    "grows by 20 ten times, `5x10` stays at 5, `_x5` is five missing values. Quote what YAML takes "
    "for a number: `'0x10'`. No series: there is no data at all.",
    {'app_queries_total{status="error"}': "0+20x10"},
)
_LINES = doc(
    "Log lines that queries in LogQL read.",
    [{"stream": {"app": "shop"}, "line": "panic: no space", "at": "2m"}],
)
StateWord: TypeAlias = Literal["normal", "pending", "alerting", "recovering", "no_data", "error"]
Expected: TypeAlias = Annotated[
    dict[str, float | dict[str, float]],
    doc(
        "The values at times after the start: one number for a result of one series, or a number for each "
        "series by its labels; `{}` is no result.",
        {"10m": 0.5, "20m": {'{tier="free"}': 3}, "30m": {}},
    ),
]


class ValueTest(Spec, kw_only=True):
    """The values of a query on made-up series."""

    name: Annotated[str, doc("What is shown, as a sentence.", "is the share of failed queries")]
    series: Annotated[dict[str, str], _SERIES] = {}
    lines: Annotated[list[LogLines], _LINES] = []
    interval: Annotated[Duration, doc("The time between two values.")] = "1m"
    expect: Expected


class PanelTest(ValueTest, kw_only=True):
    """The values of a panel's query on made-up series."""

    panel: Annotated[PanelPath, doc("The panel, by its dashboard's uid and its key.")]
    query: Annotated[str | None, doc("The query, by its ref; the first one when absent.", "errors")] = None
    variables: Annotated[
        dict[str, str], doc("The values of the dashboard's variables.", {"tier": "free"})
    ] = {}


class RuleTest(Spec, kw_only=True):
    """What an alert does on made-up series."""

    name: Annotated[str, doc("What is shown, as a sentence.", "fires after five minutes")]
    series: Annotated[dict[str, str], _SERIES] = {}
    lines: Annotated[list[LogLines], _LINES] = []
    interval: Annotated[Duration, doc("The time between two values.")] = "1m"
    fires_at: Annotated[
        OneOrMore, doc("When the alert fires, counted from the first value.", "7m", ["7m", "20m"])
    ] = []
    silent_at: Annotated[OneOrMore, doc("When it does not fire.", "4m")] = []
    labels: Annotated[dict[str, str], doc("The firing alert has these labels.", {"tier": "free"})] = {}
    annotations: Annotated[
        dict[str, str],
        doc("The firing alert has these texts, rendered.", {"summary": "25% of queries fail"}),
    ] = {}
    states: Annotated[
        dict[str, StateWord],
        doc(
            "The alert's state in Grafana at some times; the worst one of several series.", {"20m": "no_data"}
        ),
    ] = {}
    query_fails: Annotated[
        QueryFailure | None,
        doc("In Grafana: the data source does not answer in this time.", {"from": "5m", "to": "10m"}),
    ] = None


class AlertRule(Spec, kw_only=True):
    """A rule that fires when a query meets a condition."""

    alert: Annotated[RuleName, doc("The alert's name.", "HighErrorRate")]
    uid: Annotated[
        Uid | None, doc("Grafana's uid; the name in kebab case when absent.", "high-error-rate")
    ] = None
    query: Annotated[
        str | None,
        doc(
            "The query; short for `queries` with one.",
            'sum(rate(app_queries_total{status="error"}[5m])) / sum(rate(app_queries_total[5m]))',
        ),
    ] = None
    queries: Annotated[
        list[Query] | dict[str, str | Query] | None,
        doc(
            "Several queries and expressions over them: a list, or a map from ref to query. Grafana alone "
            "can evaluate these.",
            {"errors": "sum(rate(a[5m]))", "all": "sum(rate(b[5m]))", "share": {"math": "$errors / $all"}},
        ),
    ] = None
    on: Annotated[
        Ref | None, doc("The query that the condition looks at; the last one when absent.", "share")
    ] = None
    datasource: Annotated[
        str | None, doc("A data source alias, uid or `type/uid`; the document's when absent.", "loki")
    ] = None
    when: Annotated[
        str,
        doc(
            "The condition: above, below, at least, at most, equals a number; between or outside two; "
            "`absent` (no data); `present` (any value: the query itself gives only what is wrong). Numbers "
            "may have a unit: `%` (a part of 1), `ms`, `s`, `m`, `h`, `d` (seconds), `$`, `k`, `M`, `MB`, "
            "`GiB`.",
            "above 10%", "below 5", "between 1 and 5", "outside 1 and 5", "equals 0", "absent", "present",
        ),
    ]  # fmt: skip
    recover: Annotated[
        str | None,
        doc(
            "A pending or firing alert recovers only here, not already at the condition's number.", "below 8%"
        ),
    ] = None
    reduce: Annotated[
        Reducer | None,
        doc(
            "The condition looks at this of the values over the time of `over`; the newest value alone when "
            "absent.",
            "max",
        ),
    ] = None
    over: Annotated[
        Duration | None,
        doc(
            "The time that `reduce`, or queries with `instant: false`, look at; 10m for those when absent.",
            "10m",
        ),
    ] = None
    for_: Annotated[Duration, doc("The condition holds so long before the alert fires.", "5m")] = (
        msgspec.field(default="0s", name="for")
    )
    keep_firing_for: Annotated[Duration | None, doc("It fires so long after the condition ended.", "10m")] = (
        None
    )
    severity: Annotated[
        SeverityWord | None, doc("The label `severity`, and the colour of the line on the panel.", "warning")
    ] = None
    summary: Annotated[
        str | None,
        doc(
            "One sentence for the person who is woken up. `{{ $value }}` is the query's value, `{{ "
            "$labels.x }}` a label; humanizePercentage, humanizeDuration and humanize make numbers readable.",
            "{{ $value | humanizePercentage }} of queries fail",
        ),
    ] = None
    description: Annotated[
        str | None, doc("What it means and what to look at; templates as in `summary`.")
    ] = None
    runbook: Annotated[
        str | None,
        doc(
            "What to do: an address, or a section of the project's docs.", "docs/runbooks.md#high-error-rate"
        ),
    ] = None
    labels: Labels = {}
    annotations: Annotated[
        dict[str, str], doc("Other annotations; templates as in `summary`.", {"owner": "shop team"})
    ] = {}
    panel: Annotated[
        PanelPath | None, doc("The panel that shows it: linked from the alert, and drawn with its threshold.")
    ] = None
    no_data: Annotated[
        NoData | None,
        doc(
            "When the query gives nothing: not firing (`ok`), firing (`alerting`), an alert of its own "
            "(`no_data`), or as before (`keep_last`). `ok` when absent, because nothing there is what "
            "`when: absent` is for; that one is `alerting`.",
            "alerting",
        ),
    ] = None
    on_error: Annotated[
        OnError,
        doc(
            "When the query fails: an alert of its own (`error`), firing, not firing, or as before. Rule "
            "files have no such state."
        ),
    ] = "error"
    missing_evaluations: Annotated[
        Count | None, doc("A series that is gone for so many evaluations counts as recovered.", 2)
    ] = None
    paused: Annotated[bool, doc("Not evaluated; left out of rule files.")] = False
    contact_point: Annotated[str | None, doc("Notify this contact point, past the policies.", "ops")] = None
    mute_timings: Annotated[
        list[str], doc("No notifications at these times; needs `contact_point`.", ["weekends"])
    ] = []
    group_by: Annotated[
        list[str],
        doc("One notification for alerts that share these labels; needs `contact_point`.", ["tier"]),
    ] = []
    outputs: Outputs | None = None
    tests: Annotated[list[RuleTest], doc("What the rule does on made-up series.")] = []
    raw: Raw = {}


class RecordingRule(Spec, kw_only=True):
    """A rule that stores a query's result as a metric."""

    record: Annotated[MetricName, doc("The new metric's name.", "job:queries:rate5m")]
    query: Annotated[str, doc("The query.", "sum by (job) (rate(app_queries_total[5m]))")]
    datasource: Annotated[
        str | None, doc("A data source alias, uid or `type/uid`; the document's when absent.")
    ] = None
    labels: Labels = {}
    grafana: Annotated[bool, doc("Grafana evaluates and stores it, instead of Prometheus or Loki.")] = False
    target: Annotated[
        str | None, doc("With `grafana: true`: the data source that stores it.", "prometheus")
    ] = None
    uid: Annotated[Uid | None, doc("With `grafana: true`: the uid; made from the name when absent.")] = None
    tests: Annotated[list[ValueTest], doc("The values that it stores, on made-up series.")] = []


SERVER_INTERVAL = "server"
GroupInterval: TypeAlias = Annotated[
    str,
    form("a duration, or `server`", r"^(?:server|(?:[0-9]+(?:ms|[smhdwy]))+)$", "30s", "1m", SERVER_INTERVAL),
]


class AlertRules(Spec, kw_only=True):
    """A group of rules that are evaluated together."""

    group: Annotated[RuleName, doc("The group's name; unique in the project.", "service-health")]
    folder: Annotated[
        str | None,
        doc("The folder in Grafana: a title, or a path of titles.", "Shop", "Shop/Alerts"),
    ] = None
    interval: Annotated[
        GroupInterval,
        doc(
            "How often the rules are evaluated: in Grafana a multiple of 10s; `server` leaves it to "
            "Prometheus or Loki.",
            "1m",
            SERVER_INTERVAL,
        ),
    ] = "1m"
    limit: Annotated[Count | None, doc("Prometheus, Loki: at most so many alerts or series of a rule.")] = (
        None
    )
    query_offset: Annotated[
        Duration | None, doc("Prometheus: evaluate as of that long ago, for samples that come late.", "1m")
    ] = None
    datasource: Annotated[
        str, doc("The data source of rules that name none, by alias, uid or `type/uid`.")
    ] = "prometheus"
    labels: Annotated[dict[str, str], doc("Labels of every rule.", {"team": "shop"})] = {}
    annotations: Annotated[dict[str, str], doc("Annotations of every alert.")] = {}
    contact_point: Annotated[
        str | None, doc("Every alert notifies this contact point, past the policies.", "ops")
    ] = None
    outputs: Outputs | None = None
    rules: Annotated[
        list[Json],
        doc(
            "Rules: `alert:` fires, `record:` stores.",
            [{"alert": "HighErrorRate", "query": "…", "when": "above 10%"}],
        ),
    ]
    tests: Annotated[list[PanelTest], doc("The values of panels' queries, on made-up series.")] = []

    @property
    def every(self) -> str:
        """How often the rules are evaluated, as far as the spec says it.

        Every minute is what servers do by default.
        """
        return "1m" if self.interval == SERVER_INTERVAL else self.interval


class PlacedRule(msgspec.Struct, frozen=True):
    """A rule, its document, and its path there."""

    document: SpecDocument[AlertRules]
    path: Path
    rule: AlertRule | RecordingRule


RULE_MODELS: dict[str, type[AlertRule | RecordingRule]] = {"alert": AlertRule, "record": RecordingRule}


def read_rules(document: SpecDocument[AlertRules], report: Reporter) -> Iterator[PlacedRule]:
    """The rules of a document; what is wrong with the others is reported."""
    # Not those of the model, which has none when one of them is no mapping.
    for i, data in items_of(document.resolved.data, "rules"):
        path: Path = ("rules", i)
        kinds = [key for key in RULE_MODELS if key in data]
        if len(kinds) == 1:
            rule = convert(RULE_MODELS[kinds[0]], data, report.at(path))
            if rule is not None:
                yield PlacedRule(document, path, rule)
        elif kinds:
            message = "a rule is either an `alert` or a `record`, not both"
            report.error("alert/kind", message, path, "split it into two rules")
        else:
            close = next(
                (hint for key in data if (hint := nearest(key, RULE_MODELS)).startswith("did you")), ""
            )
            hint = close or "start it with `alert: Name` or `record: metric_name`"
            report.error("alert/kind", "a rule lacks `alert` or `record`", path, hint)


def query_items(rule: AlertRule) -> list[tuple[Path, str | None, Query]]:
    """The rule's queries, each with its path below the rule and the ref that it is given, if any."""
    if rule.query is not None:
        return [(("query",), None, Query(content=rule.query))]
    if isinstance(rule.queries, dict):
        return [
            (("queries", ref), ref, Query(content=query) if isinstance(query, str) else query)
            for ref, query in rule.queries.items()
        ]
    return [(("queries", i), query.ref, query) for i, query in enumerate(rule.queries or [])]


def slug(name: str, prefix: str, length: int = 40) -> str:
    """A uid made from a name: kebab case, at most ``length`` characters, the same each time."""
    # CamelCase becomes words, and capitals beside each other one word: `HTTPErrors` is `http-errors`.
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    plain = re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-")
    if plain and len(plain) <= length and plain.isascii():
        return plain
    # Cut names, and those in other scripts, stay different from each other by a hash of the whole.
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{(plain or prefix)[: length - 9].rstrip('-')}-{mark}"
