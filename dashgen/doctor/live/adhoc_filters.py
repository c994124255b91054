"""Ad hoc filters: conditions that a viewer puts upon all queries of a data source.

Sources: add_label_to_query.ts of packages/grafana-prometheus (grafana/grafana at 1fea9b1a), and
modifyQuery.ts of the Loki data source.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dashgen.core.json_values import items, mapping, mappings, scalar_text, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql import nodes, parse_logql
from dashgen.query.logql.logql_visit import walk
from dashgen.query.promql.promql_nodes import VectorSelector
from dashgen.query.promql.promql_view import promql_view, walk_promql

_MATCHERS: Final = frozenset(("=", "!=", "=~", "!~"))
_ONE_OF: Final = {"=|": "=~", "!=|": "!~"}
_NO_BRACES: Final = lazy_pattern(r"\s*\{\s*\}")
_REGEX: Final = lazy_pattern(r"[\\^$*+?.()|{}\[\]]")
_BAR: Final = "__gfp__"
_PARSERS: Final = (
    nodes.JsonParser,
    nodes.LogfmtParser,
    nodes.RegexpParser,
    nodes.PatternParser,
    nodes.Unpack,
)


class AdhocFilter(NamedTuple):
    """A condition on a label.

    Attributes:
        source_type: the type of the data source whose queries it is for; empty for any.
        source_uid: its uid; empty for any.
        operator: `=`, `!=`, `=~`, `!~`; `<` and `>` are for other data sources.
    """

    source_type: str
    source_uid: str
    label: str
    operator: str
    value: str

    @property
    def written(self) -> str:
        """The filter as it stands in an address: `tier|=|pro`."""
        return "|".join(part.replace("|", _BAR) for part in (self.label, self.operator, self.value))


def adhoc_filters(variable: Mapping[str, Any], chosen: Sequence[str] = ()) -> Iterator[AdhocFilter]:
    """The filters of a variable and of its base, or those that somebody chose as `label|operator|value`."""
    source = mapping(variable.get("datasource"))
    kind, uid = text(source.get("type")), text(source.get("uid"))
    for one in mappings(variable.get("baseFilters")):
        yield from _read(kind, uid, one)
    if chosen:
        for written in chosen:
            parts = [part.replace(_BAR, "|") for part in written.split("|", 2)]
            if len(parts) > 2 and parts[0]:
                yield _filter((kind, uid), parts[0], parts[1], [parts[2]])
        return
    for one in mappings(variable.get("filters")):
        yield from _read(kind, uid, one)


def _read(kind: str, uid: str, one: Mapping[str, Any]) -> Iterator[AdhocFilter]:
    label = text(one.get("key"))
    values = [scalar_text(value) for value in items(one.get("values"))] or [scalar_text(one.get("value"))]
    if label:
        yield _filter((kind, uid), label, text(one.get("operator")) or "=", values)


def _filter(source: tuple[str, str], label: str, operator: str, values: Sequence[str]) -> AdhocFilter:
    if operator in _ONE_OF:
        escaped = [_REGEX.sub(lambda match: "\\" + match.group(), value) for value in values]
        return AdhocFilter(*source, label, _ONE_OF[operator], "|".join(escaped))
    return AdhocFilter(*source, label, operator, values[0])


def with_filters(expr: str, source: tuple[str, str], filters: Iterable[AdhocFilter]) -> str:
    """A query with the filters that are for its data source.

    Args:
        expr: the query without variables; one that does not parse stays as it is.
        source: the type and the uid of its data source.
        filters: all filters of the dashboard.
    """
    own = [one for one in filters if _is_for(one, source)]
    if not own:
        return expr
    matchers = [f"{one.label}{one.operator}{_quoted(one.value)}" for one in own]
    if source[0] == "prometheus":
        return _inserted(expr, _promql_places(expr, ", ".join(matchers)))
    return _inserted(expr, _logql_places(expr, matchers))


def _is_for(one: AdhocFilter, source: tuple[str, str]) -> bool:
    kind, uid = source
    is_there = kind in {"prometheus", "loki"} and one.operator in _MATCHERS
    return is_there and one.source_type in {"", kind} and one.source_uid in {"", uid}


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _inserted(expr: str, places: Iterable[tuple[int, str]]) -> str:
    for at, added in sorted(places, reverse=True):
        expr = expr[:at] + added + expr[at:]
    return expr


def _promql_places(expr: str, condition: str) -> Iterator[tuple[int, str]]:
    view = promql_view(expr)
    for node in walk_promql(view.tree) if view is not None else ():
        if not isinstance(node, VectorSelector):
            continue
        if node.matchers:
            yield node.matchers[-1].end, f", {condition}"
            continue
        after = node.start + len(node.name)
        braces = _NO_BRACES.match(expr, after)
        yield (expr.index("{", after) + 1, condition) if braces else (after, f"{{{condition}}}")


def _logql_places(expr: str, conditions: Sequence[str]) -> Iterator[tuple[int, str]]:
    tree = parse_logql(expr).tree
    for node in walk(tree) if tree is not None else ():
        if not isinstance(node, nodes.LogQuery) or not node.selector.matchers:
            continue
        if any(isinstance(stage, _PARSERS) for stage in node.stages):
            # Labels that a parser makes are none of the stream.
            yield node.stages[-1].end, "".join(f" | {condition}" for condition in conditions)
        else:
            yield node.selector.matchers[-1].end, f", {', '.join(conditions)}"
