"""Queries of a panel: refs, data sources, legends, and the form of their results."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.settle.query_meaning import QueryFault, QueryUse, legend_faults
from dashgen.compile.settle.query_text import QueryContext, check_math, parsed_faults, report_faults
from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED, Sources
from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Panel
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.model.target_spec import Query
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.template_variables import is_built_in
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_REF = lazy_pattern(r"\$(?:\{([^{}]+)\}|([A-Za-z_][A-Za-z0-9_]*))")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST = 100_000
"""Characters of a query."""
_USES = 1 << 6
_NOT_IN_LEGENDS = frozenset(("le",))
"""Labels that histograms need and no reader does."""


class SettledQueries(Struct):
    """The queries of a panel, settled; what they read, by query; and the panel's own data source."""

    datasource: DataSourceRef | None
    queries: list[SettledQuery] = []
    parsed: list[ParsedQuery | None] = []


def settle_queries(
    panel: Panel, path: Path, sources: Sources, report: Reporter, variables: frozenset[str] | None = None
) -> SettledQueries:
    """Settle the queries of one panel.

    Args:
        panel: the panel.
        path: where it stands in the document.
        sources: the data sources that it may name.
        report: gets what is wrong.
        variables: the dashboard's variables, which a math expression may use.
    """
    written = panel.query_list()
    if not panel.takes_queries and not written and panel.datasource is None:
        return SettledQueries(None)
    own = _own_source(panel, sources, path, report)
    _check_written(panel, report.at(path))
    settled = SettledQueries(own)
    refs = query_refs([query for _, query in written])
    for (below, query), ref in zip(written, refs, strict=True):
        query_path = path + below
        source = _source_of(query, query_path, own, sources, report)
        if source is None:
            continue
        if len(query.query) > _LONGEST:
            message = f"the query is longer than {_LONGEST} characters"
            report.error("query/size", message, query_path, "split it into several queries")
            continue
        language = LANGUAGES.get(source.type)
        parsed = language.parse(query.query) if language and query.query else None
        settled.parsed.append(parsed)
        legend = query.legend
        if legend is None:
            legend = derived_legend(parsed, panel.result_format, panel.title)
        settled.queries.append(
            SettledQuery(
                query=query,
                path=query_path,
                ref=ref,
                datasource=source,
                legend=legend,
                instant=query.instant if isinstance(query.instant, bool) else panel.wants_instant(),
                both=query.instant == "both",
                format=query.format or panel.result_format,
            )
        )
    _check_refs(settled.queries, _Names(frozenset(refs), variables or frozenset()), report)
    settled.datasource = _panel_source(panel, own, settled.queries)
    return settled


def _source_of(
    query: Query, path: Path, own: DataSourceRef | None, sources: Sources, report: Reporter
) -> DataSourceRef | None:
    """The data source of a query, which is the panel's unless it names another or is an expression."""
    if query.datasource is not None:
        return _named_source(query.datasource, sources, report.at((*path, "datasource"))) or own
    if query.is_expression:
        return EXPRESSION
    if own == MIXED:
        # In a panel of mixed data sources, a query without one of its own goes to the default one.
        return sources.find(sources.default or "") or MIXED
    return own


def _panel_source(
    panel: Panel, own: DataSourceRef | None, queries: Sequence[SettledQuery]
) -> DataSourceRef | None:
    """The data source that the panel itself gets: one for all queries, or Mixed when they differ."""
    if all(query.datasource is own for query in queries):
        return own
    named = dict.fromkeys(query.datasource for query in queries if query.datasource != EXPRESSION)
    if len(named) > 1:
        return MIXED
    return own if panel.datasource is not None else next(iter(named), own)


def _check_written(panel: Panel, report: Reporter) -> None:
    """A panel has its queries in one form, and, if its type is one that draws data, it has some."""
    if panel.query is not None and panel.queries is not None:
        message, hint = "`query` and `queries` are both given", "put all of them under `queries:`"
        report.error("query/both", message, ("queries",), hint, key=True)
    has_none = panel.query is None and not panel.queries and "targets" not in panel.raw
    if has_none and panel.takes_queries and panel.needs_queries and panel.type_id:
        report.warn("query/missing", f"the panel `{panel.title}` has no query", (), "add `query:`")


def derived_legend(parsed: ParsedQuery | None, result_format: str, title: str) -> str:
    """The legend of a query that gives none: the labels that it keeps, else the title of its panel.

    Args:
        parsed: the facts about the query, None for a language that dashgen does not read.
        result_format: the form of result that its panel's type takes.
        title: the panel's title.
    """
    # `__auto` is Grafana's word for a name that it makes of the labels which differ.
    if parsed is None or parsed.grouping is None or result_format != "time_series":
        return "__auto"
    labels = [label for label in parsed.grouping if label not in _NOT_IN_LEGENDS and "$" not in label]
    return " ".join(f"{{{{{label}}}}}" for label in labels) or title or "__auto"


def query_refs(queries: Sequence[Query]) -> list[str]:
    """The refs of queries: their own, and letters that are free for the others."""
    # Few panels name any: then the letters are given in order.
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


def _own_source(panel: Panel, sources: Sources, path: Path, report: Reporter) -> DataSourceRef | None:
    """The data source of a panel, or the dashboard's.

    That this one does not exist is reported for the dashboard.
    """
    if panel.datasource is not None:
        return _named_source(panel.datasource, sources, report.at((*path, "datasource")))
    if sources.default is not None:
        return sources.find(sources.default)
    message = "no data source is named, and there is no default one"
    report.error("datasource/missing", message, path, "add `datasource:` here or to the dashboard")
    return None


def _named_source(name: str, sources: Sources, report: Reporter) -> DataSourceRef | None:
    data_source = sources.find(name)
    if data_source is None:
        report.error("datasource/unknown", f"there is no data source `{name}`", (), sources.hint(name))
    return data_source


class _Names(Struct, frozen=True):
    """What an expression may name: the queries of its panel, and in its arithmetic the dashboard's variables.

    Grafana fills in variables before it sends the expression
    (``ExpressionDatasourceApi.applyTemplateVariables``).
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


def _check_refs(queries: Sequence[SettledQuery], names: _Names, report: Reporter) -> None:
    seen: set[str] = set()
    for query in queries:
        if query.ref in seen:
            message = f"two queries have the ref `{query.ref}`"
            report.error("query/ref", message, (*query.path, "ref"), "give each its own")
        seen.add(query.ref)
        for step, name in names.unknown(query) if query.query.is_expression else ():
            wrong = "an expression cannot use itself" if name == query.ref else f"there is no query `{name}`"
            hint = nearest(name, names.refs - {query.ref}) or "give the query that is meant this `ref`"
            report.error("query/ref", wrong, (*query.path, *step), hint)
        # The grammar is checked without variables only: one may stand for an operator as well.
        if query.query.math is not None and names.refs.issuperset(_math_names(query.query)):
            check_math(query.query.math, report.at((*query.path, "math")))


def _references(query: Query) -> list[tuple[Path, str]]:
    """The refs that an expression names outside of arithmetic, each with where it does below the query."""
    steps = (("reduce", query.reduce), ("resample", query.resample), ("threshold", query.threshold))
    return [((step, "of"), part.of) for step, part in steps if part is not None]


def _math_names(query: Query) -> list[str]:
    """The names after a ``$`` in arithmetic, each once."""
    return list(dict.fromkeys(match[1] or match[2] for match in _REF.finditer(query.math or "")))


def check_queries(
    settled_queries: SettledQueries, panel: Panel, context: QueryContext, use: QueryUse, report: Reporter
) -> None:
    """Report what is wrong with the texts of a panel's queries.

    Args:
        settled_queries: the settled queries.
        panel: their panel.
        context: what they can read and name.
        use: what they are for.
        report: gets what is wrong.
    """
    for query, parsed in zip(settled_queries.queries, settled_queries.parsed, strict=True):
        path = _text_path(query, panel)
        if parsed is not None:
            text, language = query.query.query, query.datasource.type
            # A query for one moment may yield the samples of a range.
            query_use = _asked_once(use) if query.instant and query.warning is None else use
            if faults := parsed_faults(text, language, parsed, context, query_use):
                report_faults(faults, report.at(path), text)
            key, legend = (
                ("message", query.warning.message) if query.warning else ("legend", query.query.legend)
            )
            if (
                legend
                and "{{" in legend
                and (faults := _legend_faults(legend, text, language, parsed, context))
            ):
                report_faults(faults, report.at((*query.path, key)), legend)
        _check_fields(query, path, report)
        spec_query = query.query
        if parsed is None and not any(
            (
                spec_query.content,
                spec_query.is_expression,
                spec_query.search,
                spec_query.service_map,
                spec_query.raw,
            )
        ):
            report.error("query/empty", "the query is empty", (*query.path, "query"), "add `query:`")


@lru_cache(maxsize=_USES)
def _asked_once(use: QueryUse) -> QueryUse:
    return replace(use, is_range=False)


def _legend_faults(
    legend: str, text: str, language: str, parsed: ParsedQuery, context: QueryContext
) -> list[QueryFault]:
    def find() -> Iterator[QueryFault]:
        return legend_faults(legend, text, language, parsed, context.contract)

    return context.faults(text, language, "legend", legend, find=find)


def _check_fields(query: SettledQuery, path: Path, report: Reporter) -> None:
    """A query is a text where its data source has a language, and fields where it has none."""
    kind, fields = query.datasource.type, query.query.fields
    example = _FIELDS.get(kind)
    if example is not None and query.query.query:
        message = f"a query for {kind} is not a text: the panel would be empty"
        report.error("query/fields", message, path, f"write its fields: `query: {{{example}}}`")
    if fields and kind in LANGUAGES:
        message = f"a query for {kind} is a text, not a map"
        report.error("query/fields", message, path, "write the query, and `raw:` for other fields")
    for field_key, key in _OWN_KEYS.items():
        if field_key in fields:
            message = f"`{field_key}` of a query has a key of its own"
            report.error("query/fields", message, (*path, field_key), f"use `{key}:`", key=True)


# Types of data sources that read no text, and fields that a query of them has.
_FIELDS = {
    "cloudwatch": "region: default, namespace: AWS/EC2, metricName: CPUUtilization, statistic: Average",
    "elasticsearch": "query: 'status:500', metrics: [{type: count, id: '1'}], timeField: '@timestamp'",
    "grafana-azure-monitor-datasource": "queryType: Azure Monitor, azureMonitor: {…}",
    "stackdriver": "queryType: timeSeriesList, timeSeriesList: {…}",
    "opentsdb": "metric: cpu, aggregator: sum",
}
_OWN_KEYS = {"refId": "ref", "datasource": "datasource", "hide": "hide"}


def _text_path(query: SettledQuery, panel: Panel) -> Path:
    """The path of the query's text, whichever of the short forms it is written in."""
    if isinstance(panel.queries, dict) and isinstance(panel.queries.get(str(query.path[-1])), str):
        return query.path
    return (*query.path, "query")
