"""Queries of a panel: refs, data sources, legends, and what form of result they ask for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from dashgen.compile.settle.panel_queries import asked_once
from dashgen.compile.settle.query_meaning import QueryUse, legend_faults
from dashgen.compile.settle.query_text import (
    QueryContext,
    QueryFault,
    math_faults,
    parsed_faults,
    place_faults,
)
from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED, Sources
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Panel
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.model.target_spec import Query
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.template_variables import is_built_in
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_REF = re.compile(r"\$(?:\{([^{}]+)\}|([A-Za-z_][A-Za-z0-9_]*))")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST = 100_000
_NOT_IN_LEGENDS = frozenset(("le",))


@dataclass(slots=True)
class SettledQueries:
    """The queries of a panel, settled; what they read, by query; and the panel's own data source."""

    datasource: DataSourceRef | None
    queries: list[SettledQuery] = field(default_factory=list)
    parsed: list[ParsedQuery | None] = field(default_factory=list)


def settle_queries(
    panel: Panel,
    path: Path,
    sources: Sources,
    resolved: Resolved,
    problems: list[Diagnostic],
    variables: frozenset[str] | None = None,
) -> SettledQueries:
    """Settle the queries of one panel.

    Args:
        panel: the panel.
        path: where it stands in the document.
        sources: the data sources that it may name.
        resolved: the document.
        problems: gets what is wrong.
        variables: the dashboard's variables, which a math expression may use.
    """
    written = panel.query_list()
    if not panel.takes_queries and not written and panel.datasource is None:
        return SettledQueries(None)
    own = _own_source(panel, sources, path, resolved, problems)
    _check_written(panel, path, resolved, problems)
    settled = SettledQueries(own)
    refs = query_refs([query for _, query in written])
    for (below, query), ref in zip(written, refs, strict=True):
        query_path = path + below
        source = EXPRESSION if query.is_expression else own
        if source == MIXED:
            source = sources.find(sources.default or "") or MIXED
        if query.datasource is not None:
            source = (
                _source(query.datasource, sources, (*query_path, "datasource"), resolved, problems) or own
            )
        if source is None:
            continue
        language = LANGUAGES.get(source.type)
        if _is_too_long(query, resolved, query_path, problems):
            continue
        parsed = language.parse(query.query) if language and query.query else None
        settled.parsed.append(parsed)
        settled.queries.append(_settled(query, query_path, ref, source, panel, parsed))
    _check_refs(settled.queries, _Names(frozenset(refs), variables or frozenset()), resolved, problems)
    if not [query for query in settled.queries if query.datasource is not own]:
        return settled
    if len({query.datasource for query in settled.queries if query.datasource != EXPRESSION}) > 1:
        settled.datasource = MIXED
    elif panel.datasource is None:
        settled.datasource = next((q.datasource for q in settled.queries if q.datasource != EXPRESSION), own)
    return settled


def _is_too_long(query: Query, resolved: Resolved, query_path: Path, problems: list[Diagnostic]) -> bool:
    if len(query.query) <= _LONGEST:
        return False
    message = f"the query is longer than {_LONGEST} characters"
    problems.append(resolved.diagnostic("query/size", message, query_path, "split it into several queries"))
    return True


def _check_written(panel: Panel, path: Path, resolved: Resolved, problems: list[Diagnostic]) -> None:
    """A panel has its queries in one form, and, if its type is one that draws data, it has some."""
    if panel.query is not None and panel.queries is not None:
        message, hint = "`query` and `queries` are both given", "put all of them under `queries:`"
        problems.append(resolved.diagnostic("query/both", message, (*path, "queries"), hint, key=True))
    nothing = panel.query is None and not panel.queries and "targets" not in panel.raw
    if nothing and panel.takes_queries and panel.needs_queries and panel.type_id:
        message = f"the panel `{panel.title}` has no query"
        severity = Severity.WARNING
        problems.append(
            resolved.diagnostic("query/missing", message, path, "add `query:`", severity=severity)
        )


def _settled(
    query: Query, path: Path, ref: str, source: DataSourceRef, panel: Panel, parsed: ParsedQuery | None
) -> SettledQuery:
    instant = query.instant if isinstance(query.instant, bool) else panel.wants_instant()
    shape = query.format or ("heatmap" if panel.result_format == "heatmap" else panel.result_format)
    return SettledQuery(
        query, path, ref, source, _legend(query, panel, parsed), instant, query.instant == "both", shape
    )


def _legend(query: Query, panel: Panel, parsed: ParsedQuery | None) -> str:
    return (
        query.legend if query.legend is not None else derived_legend(parsed, panel.result_format, panel.title)
    )


def derived_legend(parsed: ParsedQuery | None, result_format: str, title: str) -> str:
    """The legend of a query that gives none: the labels that it keeps, else the title of its panel.

    Args:
        parsed: the facts about the query, None for a language that dashgen does not read.
        result_format: the form of result that its panel's type takes.
        title: the panel's title.
    """
    if parsed is None or parsed.grouping is None or result_format != "time_series":
        return "__auto"
    labels = [label for label in parsed.grouping if label not in _NOT_IN_LEGENDS and "$" not in label]
    return " ".join(f"{{{{{label}}}}}" for label in labels) or title or "__auto"


def query_refs(queries: Sequence[Query]) -> list[str]:
    """The refs of queries: their own, and letters that are free for the others."""
    taken = {query.ref for query in queries if query.ref}
    if not taken and len(queries) <= len(_LETTERS):
        return list(_LETTERS[: len(queries)])
    free = (ref for ref in _names() if ref not in taken)
    return [query.ref or next(free) for query in queries]


def _names() -> Iterator[str]:
    """A to Z, then A1 to Z1, and so on."""
    yield from _LETTERS
    for number in count(1):
        for letter in _LETTERS:
            yield f"{letter}{number}"


def _own_source(
    panel: Panel, sources: Sources, path: Path, resolved: Resolved, problems: list[Diagnostic]
) -> DataSourceRef | None:
    """The data source of a panel; that the dashboard's own does not exist was said of the dashboard."""
    source_path = (*path, "datasource")
    if panel.datasource is None and sources.default is not None:
        return sources.find(sources.default)
    return _source(panel.datasource, sources, source_path, resolved, problems)


def _source(
    name: str | None, sources: Sources, path: Path, resolved: Resolved, problems: list[Diagnostic]
) -> DataSourceRef | None:
    if name is None:
        message = "no data source is named, and there is no default one"
        problems.append(
            resolved.diagnostic(
                "datasource/missing", message, path[:-1], "add `datasource:` here or to the dashboard"
            )
        )
        return None
    data_source = sources.find(name)
    if data_source is None:
        problems.append(
            resolved.diagnostic(
                "datasource/unknown", f"there is no data source `{name}`", path, sources.hint(name)
            )
        )
    return data_source


@dataclass(frozen=True, slots=True)
class _Names:
    """What an expression may name: the queries of its panel, and in its arithmetic the dashboard's variables.

    Grafana fills in variables before it sends the expression (``ExpressionDatasourceApi.applyTemplateVariables``).
    """

    refs: frozenset[str]
    variables: frozenset[str]

    def unknown(self, query: SettledQuery) -> Iterator[tuple[Path, str]]:
        for step, name in _references(query.query):
            if name == query.ref or name not in self.refs:
                yield step, name
        for name in _math_names(query.query):
            if name == query.ref or not (name in self.refs or self._is_variable(name)):
                yield ("math",), name

    def _is_variable(self, name: str) -> bool:
        plain = name.partition(":")[0]
        return plain in self.variables or is_built_in(plain)


def _check_refs(
    queries: Sequence[SettledQuery], names: _Names, resolved: Resolved, problems: list[Diagnostic]
) -> None:
    seen: set[str] = set()
    for query in queries:
        if query.ref in seen:
            message = f"two queries have the ref `{query.ref}`"
            problems.append(
                resolved.diagnostic("query/ref", message, (*query.path, "ref"), "give each its own")
            )
        seen.add(query.ref)
        for step, name in names.unknown(query) if query.query.is_expression else ():
            wrong = "an expression cannot use itself" if name == query.ref else f"there is no query `{name}`"
            hint = nearest(name, names.refs - {query.ref}) or "give the query that is meant this `ref`"
            problems.append(resolved.diagnostic("query/ref", wrong, (*query.path, *step), hint))
        # A variable may stand for an operator as well.
        if query.query.math is not None and names.refs.issuperset(_math_names(query.query)):
            problems += math_faults(query.query.math, resolved, (*query.path, "math"))


def _references(query: Query) -> list[tuple[Path, str]]:
    """The refs that an expression names outside of arithmetic, each with where it does below the query."""
    steps = (("reduce", query.reduce), ("resample", query.resample), ("threshold", query.threshold))
    return [((step, "of"), part.of) for step, part in steps if part is not None]


def _math_names(query: Query) -> list[str]:
    """The names after a ``$`` in arithmetic, each once."""
    return list(dict.fromkeys(match[1] or match[2] for match in _REF.finditer(query.math or "")))


def check_queries(
    settled_queries: SettledQueries, panel: Panel, context: QueryContext, use: QueryUse, resolved: Resolved
) -> list[Diagnostic]:
    """What is wrong with the text of a panel's queries.

    Args:
        settled_queries: the settled queries.
        panel: their panel.
        context: what they can read and name.
        use: what they are for.
        resolved: the document they are in.
    """
    problems: list[Diagnostic] = []
    for query, parsed in zip(settled_queries.queries, settled_queries.parsed, strict=True):
        if parsed is not None:
            text, language = query.query.query, query.datasource.type
            here = asked_once(use) if query.instant else use
            if faults := parsed_faults(text, language, parsed, context, here):
                problems += place_faults(faults, resolved, _text_path(query, panel), text)
            legend = query.query.legend
            if legend and "{{" in legend:
                faults = _legend_faults(legend, text, language, parsed, context)
                problems += place_faults(faults, resolved, (*query.path, "legend"), legend)
        problems += _field_faults(query, panel, resolved)
        if parsed is None and not _asks_something(query.query):
            problems.append(
                resolved.diagnostic(
                    "query/empty", "the query is empty", (*query.path, "query"), "add `query:`"
                )
            )
    return problems


def _legend_faults(
    legend: str, text: str, language: str, parsed: ParsedQuery, context: QueryContext
) -> list[QueryFault]:
    def find() -> Iterator[QueryFault]:
        return legend_faults(legend, text, language, parsed, context.contract)

    if context.sound is None:
        return list(find())
    return context.sound.faults(context.sound.key(text, language, "legend", legend), find)


def _field_faults(query: SettledQuery, panel: Panel, resolved: Resolved) -> Iterator[Diagnostic]:
    """What is wrong with the fields of a plugin's query: a language has words, and so have ref and data source."""
    path = _text_path(query, panel)
    fields = _FIELDS.get(query.datasource.type)
    if fields is not None and query.query.query:
        message = f"a query for {query.datasource.type} is no text: the panel would be empty"
        yield resolved.diagnostic("query/fields", message, path, f"write its fields: `query: {{{fields}}}`")
    if not query.query.fields:
        return
    if query.datasource.type in LANGUAGES:
        message = f"a query for {query.datasource.type} is a text, not a map"
        yield resolved.diagnostic(
            "query/fields", message, path, "write the query, and `raw:` for other fields"
        )
    for key, word in _OWN_WORDS.items():
        if key in query.query.fields:
            message = f"`{key}` of a query has a word of its own"
            yield resolved.diagnostic("query/fields", message, (*path, key), f"use `{word}:`", key=True)


# Types of data sources that read no text, and fields that a query of them has.
_FIELDS = {
    "cloudwatch": "region: default, namespace: AWS/EC2, metricName: CPUUtilization, statistic: Average",
    "elasticsearch": "query: 'status:500', metrics: [{type: count, id: '1'}], timeField: '@timestamp'",
    "grafana-azure-monitor-datasource": "queryType: Azure Monitor, azureMonitor: {…}",
    "stackdriver": "queryType: timeSeriesList, timeSeriesList: {…}",
    "opentsdb": "metric: cpu, aggregator: sum",
}
_OWN_WORDS = {"refId": "ref", "datasource": "datasource", "hide": "hide"}


def _asks_something(query: Query) -> bool:
    return bool(query.content or query.is_expression or query.search or query.service_map or query.raw)


def _text_path(query: SettledQuery, panel: Panel) -> Path:
    """The path of the query's text, whichever of the short forms it is written in."""
    if isinstance(panel.queries, dict) and isinstance(panel.queries.get(str(query.path[-1])), str):
        return query.path
    return (*query.path, "query")
