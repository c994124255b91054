"""References to data sources by a type and a uid, where old dashboards have a name, or nothing.

Until Grafana 8.3 a data source was named, or not at all where the default one was meant. A spec needs the
plugin's type, so it is taken from the first of: the reference, variables and inputs of an export, other
references, the name, the query's keys.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import names

_BUILT_IN = {
    "-- Grafana --": "grafana",
    "grafana": "grafana",
    "-- Mixed --": "datasource",
    "-- Dashboard --": "datasource",
    "__expr__": "__expr__",
}
_PLUGIN_NAMES = names(
    "prometheus loki tempo elasticsearch influxdb graphite mysql postgres cloudwatch athena clickhouse",
    "infinity opensearch x-ray zabbix",
)
"""Parts of the names of data sources that tell their plugin; `_TYPES` has the ids that differ from them."""
_TYPES = {
    "athena": "grafana-athena-datasource",
    "clickhouse": "grafana-clickhouse-datasource",
    "infinity": "yesoreyeram-infinity-datasource",
    "opensearch": "grafana-opensearch-datasource",
    "postgres": "grafana-postgresql-datasource",
    "x-ray": "grafana-x-ray-datasource",
    "zabbix": "alexanderzobnin-zabbix-datasource",
}
_LOGQL = lazy_pattern(r"\s*\{[^}]*\}\s*\|")
_EXPRESSION = "__expr__"
_WITH_EXPR = ("prometheus", "loki")
_SQL = ("mysql", "grafana-postgresql-datasource", "mssql", "postgres")
_KEYS_OF: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"connectionArgs", "rawSQL"}), "grafana-athena-datasource"),
    (frozenset({"rawSql"}), "sql"),
    (frozenset({"bucketAggs", "metrics"}), "elasticsearch"),
    (frozenset({"measurement"}), "influxdb"),
    (frozenset({"policy", "select"}), "influxdb"),
    (frozenset({"query", "rawQuery"}), "influxdb"),
    (frozenset({"namespace", "metricName", "dimensions"}), "cloudwatch"),
    (frozenset({"scenarioId"}), "grafana-testdata-datasource"),
    (frozenset({"azureMonitor"}), "grafana-azure-monitor-datasource"),
    (frozenset({"aggregator", "metric"}), "opentsdb"),
    (frozenset({"target"}), "graphite"),
)
"""The keys of queries that only one plugin writes, the surest first; ``sql`` stands for any database."""
DEFAULT = "default"


class References(Struct):
    """What a dashboard itself shows about the data sources that it names.

    Attributes:
        inputs: the plugin types of the data sources of an export, by input.
        variables: the plugin types of data source variables, by name.
        likely: the type of a data source that nothing tells the type of.
        types: the types by uid, from references that have both.
        version: the schemaVersion of the dashboard.
        sql: the plugin of queries in SQL.
        fills_defaults: whether what the dashboard leaves open gets its default.
    """

    inputs: Mapping[str, str] = {}
    variables: Mapping[str, str] = {}
    likely: str = "prometheus"
    types: Mapping[str, str] = {}
    version: int = 0
    sql: str = "mysql"
    fills_defaults: bool = True

    def find(self, value: object) -> Json | None:
        """The reference that a name or a part of a reference means; nothing for the default data source."""
        if not self.fills_defaults:
            reference = value if isinstance(value, dict) else {"uid": value}
            return {key: reference[key] for key in ("type", "uid") if text(reference.get(key))} or None
        if isinstance(value, dict):
            uid, kind = text(value.get("uid")), text(value.get("type"))
            if not uid:
                return {"type": kind, "uid": DEFAULT} if kind and kind != "datasource" else None
        else:
            uid, kind = text(value), ""
        if not uid or uid == DEFAULT:
            return None
        # An export has an input for expressions too, though nobody has to fill it in.
        if kind == _EXPRESSION or self.inputs.get(uid.strip("${}")) == _EXPRESSION:
            return {"type": _EXPRESSION, "uid": _EXPRESSION}
        if uid in _BUILT_IN:
            return {"type": _BUILT_IN[uid], "uid": "-- Grafana --" if uid == "grafana" else uid}
        return self._named(uid, kind)

    def default(self, query: Json | None = None) -> Json | None:
        """The default data source, for a query that names none; nothing when defaults are not filled in.

        Args:
            query: the query, whose keys may tell for which plugin it is written.
        """
        kind = self.written_for(query or {}) or self.likely
        return {"type": kind, "uid": DEFAULT} if self.fills_defaults else None

    def written_for(self, query: Json) -> str:
        """The plugin that a query is written for, as far as its keys tell."""
        if text(query.get("expr")):
            # Both languages are in `expr`; only LogQL has a pipe behind its selector.
            return (
                "loki"
                if _LOGQL.match(query["expr"])
                else "prometheus"
                if self.likely not in _WITH_EXPR
                else ""
            )
        plugin = next(
            (kind for keys, kind in _KEYS_OF if all(query.get(k) not in (None, "") for k in keys)), ""
        )
        return self.sql if plugin == "sql" else plugin

    def _named(self, uid: str, kind: str) -> Json:
        if uid.startswith(("$", "[[")):
            # `$source`, `${source}`, `${source:raw}` and, before Grafana 6, `[[source]]` are one variable.
            name = uid.strip("${}[]").partition(":")[0]
            kind = self.variables.get(name) or self.inputs.get(name) or kind
            return {"type": kind or self._guess(name), "uid": "${" + name + "}"}
        return {"type": kind or self.types.get(uid) or self._guess(uid), "uid": uid}

    def _guess(self, name: str) -> str:
        plugin = next((plugin for plugin in _PLUGIN_NAMES if plugin in name.lower()), None)
        return _TYPES.get(plugin, plugin) if plugin else self.likely


def references_of(dashboard: Json, inputs: Mapping[str, str], *, fills_defaults: bool = True) -> References:
    """Collect what a dashboard itself shows about the data sources that it names."""
    variables = {
        text(item.get("name")): text(item.get("query"))
        for item in mappings(mapping(dashboard.get("templating")).get("list"))
        if item.get("type") == "datasource"
    }
    types_by_uid: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    _collect(dashboard, types_by_uid, kinds)
    for kind in (*variables.values(), *inputs.values()):
        kinds[kind] += 1
    # Queries without a data source ask the default one: their own keys tell its type better than what
    # others ask.
    unnamed = Counter(_unnamed(dashboard, named=False))
    plugins = [*(kind for kind, _ in unnamed.most_common()), *_plugins(kinds)]
    return References(
        inputs,
        variables,
        likely=plugins[0] if plugins else "prometheus",
        types=types_by_uid,
        version=whole(dashboard.get("schemaVersion")),
        sql=next((kind for kind in _plugins(kinds) if kind in _SQL), "mysql"),
        fills_defaults=fills_defaults,
    )


def _plugins(kinds: Counter[str]) -> list[str]:
    return [kind for kind, _ in kinds.most_common() if kind not in ("datasource", "grafana", "__expr__", "")]


def _unnamed(value: object, *, named: bool) -> Iterator[str]:
    """The plugins of the queries that have no data source, neither their own nor their panel's."""
    if isinstance(value, list):
        for part in value:
            yield from _unnamed(part, named=named)
    elif isinstance(value, dict):
        named = named or bool(value.get("datasource"))
        is_query = not named and ("refId" in value or "expr" in value)
        if is_query and (kind := References(likely="").written_for(value)):
            yield kind
        for part in value.values():
            yield from _unnamed(part, named=named)


def _collect(value: object, types_by_uid: dict[str, str], kinds: Counter[str]) -> None:
    if isinstance(value, list):
        for part in value:
            _collect(part, types_by_uid, kinds)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key == "datasource" and isinstance(part, dict) and text(part.get("type")):
                types_by_uid.setdefault(text(part.get("uid")), text(part["type"]))
                kinds[text(part["type"])] += 1
            else:
                _collect(part, types_by_uid, kinds)
