"""Data sources: what Grafana asks, and how metrics, logs and traces lead to each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Related
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.base import Count, Duration, Raw, Spec, Uid, doc
from dashgen.model.document import SpecDocument
from dashgen.model.environment_references import Secret
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

Name: TypeAlias = Annotated[str, doc("A data source, by alias, name or uid.", "tempo")]
Tags: TypeAlias = Annotated[
    list[str] | dict[str, str],
    doc(
        "Span attributes that become labels: a list, or a map from attribute to label.",
        {"service.name": "app"},
    ),
]
SourceName: TypeAlias = Annotated[
    str, msgspec.Meta(title="a name of at most 190 characters", min_length=1, max_length=190)
]
KNOWN_TYPES = (
    "alertmanager", "cloudwatch", "elasticsearch", "grafana-azure-monitor-datasource",
    "grafana-postgresql-datasource", "grafana-pyroscope-datasource", "grafana-testdata-datasource",
    "graphite", "influxdb", "jaeger", "loki", "mssql", "mysql", "opentsdb", "parca", "prometheus",
    "stackdriver", "tempo", "zipkin",
)  # fmt: skip
_TYPE_AND_UID = lazy_pattern(r"(?P<type>[A-Za-z][A-Za-z0-9._-]*)/(?P<uid>[^\s/$][^\n$]{0,189})")


class BasicAuth(Spec, kw_only=True):
    """User and password sent to the data source."""

    user: Annotated[str, doc("The user.", "grafana", "$PROMETHEUS_USER")]
    password: Secret


class Tls(Spec, kw_only=True):
    """How the connection is encrypted."""

    skip_verify: Annotated[bool, doc("Accept any certificate.")] = False
    server_name: Annotated[str | None, doc("The name that the certificate must have.")] = None
    ca: Annotated[Secret | None, doc("The authority's certificate.", "$__file{/etc/grafana/ca.pem}")] = None
    cert: Annotated[Secret | None, doc("The client's certificate.")] = None
    key: Annotated[Secret | None, doc("The client's key.")] = None


class Exemplars(Spec, kw_only=True):
    """Exemplars, the dots on graphs, lead to traces."""

    to: Name
    label: Annotated[str, doc("The exemplar's label that holds the trace id.")] = "trace_id"
    title: Annotated[str | None, doc("The link's text.", "View trace")] = None


class DerivedField(Spec, kw_only=True):
    """A link made from a part of each log line."""

    name: Annotated[str, doc("The field's name.", "TraceID")]
    regex: Annotated[str | None, doc("A pattern whose group is the value.", r'"trace_id":"(\w+)"')] = None
    label: Annotated[
        str | None,
        doc("A label or structured-metadata key that holds the value, instead of a pattern.", "trace_id"),
    ] = None
    to: Annotated[str | None, doc("The data source that is asked for the value.", "tempo")] = None
    url: Annotated[str, doc("The query for `to`, or an address without `to`.")] = "${__value.raw}"
    title: Annotated[str | None, doc("The link's text.", "View trace")] = None


class TracesToLogs(Spec, kw_only=True):
    """A span leads to its logs."""

    to: Name
    tags: Tags = {}
    before: Annotated[Duration, doc("How long before the span's start.")] = "5m"
    after: Annotated[Duration, doc("How long after the span's end.")] = "5m"
    by_trace_id: Annotated[bool, doc("Only lines that contain the trace id.")] = False
    by_span_id: Annotated[bool, doc("Only lines that contain the span id.")] = False
    query: Annotated[
        str | None,
        doc("The query, instead of one made from tags.", '{${__tags}} | json | trace_id="${__span.traceId}"'),
    ] = None


class TracesToMetrics(Spec, kw_only=True):
    """A span leads to metrics."""

    to: Name
    tags: Tags = {}
    before: Annotated[Duration, doc("How long before the span's start.")] = "5m"
    after: Annotated[Duration, doc("How long after the span's end.")] = "5m"
    queries: Annotated[
        dict[str, str],
        doc(
            "Queries by the text of their link; `$__tags` are the tags.",
            {"Query rate": "sum(rate(app_queries_total[5m]))"},
        ),
    ] = {}


class DataSource(Spec, kw_only=True):
    """A data source."""

    name: Annotated[
        SourceName | None,
        doc("Its name in Grafana; provisioning finds it by this. The key when absent.", "Prometheus"),
    ] = None
    alias: Annotated[
        str | None, doc("What specs call it. In the map form the key is an alias too.", "prometheus")
    ] = None
    type: Annotated[
        str | None, doc("The plugin's id. The key when that is a type.", "prometheus", "loki", "tempo")
    ] = None
    uid: Annotated[
        Uid | None, doc("The uid in every link and dashboard; the alias when absent.", "prometheus")
    ] = None
    url: Annotated[str, doc("Where Grafana reaches it.", "http://prometheus:9090", "$PROMETHEUS_URL")] = ""
    default: Annotated[bool, doc("The one that new panels ask; at most one is.")] = False
    access: Annotated[Literal["proxy", "direct"], doc("Asked by Grafana's server, or by the browser.")] = (
        "proxy"
    )
    basic_auth: Annotated[
        BasicAuth | None, doc("User and password.", {"user": "grafana", "password": "$PROMETHEUS_PASSWORD"})
    ] = None
    headers: Annotated[
        dict[str, Secret], doc("HTTP headers and their values.", {"X-Scope-OrgID": "$TENANT"})
    ] = {}
    tls: Annotated[Tls | None, doc("How the connection is encrypted.")] = None
    user: Annotated[str | None, doc("SQL: the user.")] = None
    database: Annotated[str | None, doc("SQL: the database.")] = None
    editable: Annotated[bool, doc("May be changed in Grafana; the file wins at its next start.")] = False
    timeout: Annotated[Count | None, doc("Seconds to wait for an answer.", 60)] = None
    scrape_interval: Annotated[
        Duration | None,
        doc(
            "Prometheus: how often targets are scraped; `$__rate_interval` is at least four of these.", "15s"
        ),
    ] = None
    query_timeout: Annotated[Duration | None, doc("Prometheus: how long a query may take.", "60s")] = None
    http_method: Annotated[
        Literal["POST", "GET"] | None, doc("Prometheus: how queries are sent; POST allows long ones.")
    ] = None
    flavor: Annotated[
        Literal["Prometheus", "Mimir", "Thanos", "Cortex"] | None, doc("Prometheus: which server it is.")
    ] = None
    manage_alerts: Annotated[bool | None, doc("Prometheus, Loki: show its rules in Grafana.")] = None
    exemplars: Annotated[
        str | Exemplars | None, doc("Prometheus: the data source of traces that exemplars lead to.", "tempo")
    ] = None
    max_lines: Annotated[Count | None, doc("Loki: how many lines a query gives.", 1000)] = None
    derived_fields: Annotated[
        list[DerivedField],
        doc("Loki: links made from log lines.", [{"name": "TraceID", "label": "trace_id", "to": "tempo"}]),
    ] = []
    traces_to_logs: Annotated[
        str | TracesToLogs | None, doc("Tempo: the data source of logs that spans lead to.", "loki")
    ] = None
    traces_to_metrics: Annotated[
        str | TracesToMetrics | None,
        doc("Tempo: the data source of metrics that spans lead to.", "prometheus"),
    ] = None
    service_map: Annotated[
        str | None, doc("Tempo: the Prometheus that holds the service graph's metrics.", "prometheus")
    ] = None
    node_graph: Annotated[bool | None, doc("Tempo: draw the node graph above a trace.")] = None
    search: Annotated[bool | None, doc("Tempo: offer the search form.")] = None
    streaming: Annotated[bool | None, doc("Tempo: show results of a search as they come.")] = None
    json_data: Annotated[
        Json, doc("Other keys of Grafana's `jsonData`, as they are.", {"cacheLevel": "High"})
    ] = {}
    secure: Annotated[
        dict[str, Secret], doc("Keys of Grafana's `secureJsonData`.", {"password": "$DB_PASSWORD"})
    ] = {}
    raw: Raw = {}


class DataSources(Spec, kw_only=True):
    """The data sources that Grafana is provisioned with."""

    prune: Annotated[bool, doc("Remove provisioned data sources that are in no file any more.")] = True
    datasources: Annotated[
        list[DataSource] | dict[str, DataSource],
        doc(
            "Data sources: a list, or a map whose keys are their aliases.",
            {"prometheus": {"url": "http://prometheus:9090", "default": True}},
        ),
    ]


class DataSourceRef(msgspec.Struct, frozen=True):
    """How dashboards and rules name a data source: the plugin's type and the uid."""

    type: str
    uid: str


def reference(name: str) -> DataSourceRef | None:
    """The data source that ``prometheus/abc123`` names by type and uid, for one that no spec describes."""
    match = _TYPE_AND_UID.fullmatch(name)
    return DataSourceRef(match["type"], match["uid"]) if match else None


class PlacedDataSource(msgspec.Struct, frozen=True):
    """A data source with its name, type, uid and aliases settled, and its path in its document."""

    source: DataSource
    document: SpecDocument[DataSources]
    path: Path
    name: str
    type: str
    uid: str
    aliases: tuple[str, ...]

    def reporter(self, diagnostics: list[Diagnostic]) -> Reporter:
        """A reporter whose paths start at the data source."""
        return Reporter(self.document.resolved, self.path, diagnostics)


def placed_data_sources(documents: Iterable[SpecDocument[DataSources]]) -> Iterator[PlacedDataSource]:
    """Every data source with what is derived settled.

    The type is empty when there is nothing to derive it from.
    """
    for document in documents:
        sources = document.model.datasources
        items: Iterable[tuple[str | int, DataSource]]
        items = sources.items() if isinstance(sources, dict) else enumerate(sources)
        for step, source in items:
            yield _place(document, step, source)


def _place(document: SpecDocument[DataSources], step: str | int, source: DataSource) -> PlacedDataSource:
    # In the map form the key is an alias, and the type too if it is one that Grafana has.
    key = step if isinstance(step, str) else ""
    name = source.name or key or source.alias or source.uid or source.type or ""
    kind = source.type or next((word for word in (key, source.alias) if word in KNOWN_TYPES), "") or ""
    uid = source.uid or _uid(source.alias or key or name)
    aliases = tuple(dict.fromkeys(a for a in (source.alias, key, name.lower(), uid) if a))
    return PlacedDataSource(source, document, ("datasources", step), name, kind, uid, aliases)


def _uid(text: str) -> str:
    letters = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in text.lower())
    return letters.strip("-")[:40]


def data_source_refs(
    documents: Iterable[SpecDocument[DataSources]],
) -> tuple[dict[str, DataSourceRef], list[Diagnostic]]:
    """Every word that means a data source, and what it means: alias, lower-case name and uid all resolve."""
    refs: dict[str, DataSourceRef] = {}
    owners: dict[str, PlacedDataSource] = {}
    diagnostics: list[Diagnostic] = []
    for item in placed_data_sources(documents):
        for alias in item.aliases:
            owner = owners.setdefault(alias, item)
            if owner is item:
                refs[alias] = DataSourceRef(item.type, item.uid)
                continue
            message, hint = (
                f"two data sources are called `{alias}`",
                "give one of them another name, alias and uid",
            )
            diagnostic = item.document.resolved.diagnostic(
                "datasource/duplicate", message, item.path, hint, key=True
            )
            other = Related("the other one", owner.document.resolved.origin(owner.path).location(key=True))
            diagnostics.append(replace(diagnostic, related=(other, *diagnostic.related)))
    return refs, diagnostics


Refs: TypeAlias = Mapping[str, DataSourceRef]
