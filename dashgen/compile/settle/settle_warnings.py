"""Data warnings of panels: what a reader sees while a panel's data cannot be trusted.

Series, values and bars get one more of themselves, which exists while the condition holds. A table gets one
more row instead: Grafana shows the result of a second query of a table below a menu, where nobody looks.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from dashgen.compile.settle.settle_data_sources import MIXED, Sources
from dashgen.compile.settle.settle_queries import SettledQueries
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.condition import ConditionProblem, Kind, compared, parse_condition
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Mapping, Override, Panel
from dashgen.model.settled_dashboard import SettledPanel, SettledQuery
from dashgen.model.target_spec import DataWarning, Query
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.enclosed import enclosed
from dashgen.query.promql.promql import read_promql
from dashgen.query.query_texts import double_quoted_text
from dashgen.query.scanning import RefusalError
from dashgen.source.provenance import Reporter

SIGN: Final = "⚠"
RULE: Final = "panel/warning"
_SERIES: Final = ("timeseries", "stat", "gauge", "bargauge")
_LANGUAGES: Final = ("prometheus", "loki")
_LABEL: Final = lazy_pattern(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
# An area as high as the panel, on an axis of its own, so that it moves no other series.
_AREA: Final[dict[str, Any]] = {
    "custom.axisPlacement": "hidden",
    "custom.drawStyle": "line",
    "custom.lineWidth": 0,
    "custom.fillOpacity": 25,
    "custom.gradientMode": "none",
    "custom.stacking": {"mode": "none", "group": "A"},
    "custom.thresholdsStyle": {"mode": "off"},
    "custom.spanNulls": False,
}


def settle_warnings(settled: SettledPanel, sources: Sources, report: Reporter) -> SettledQueries:
    """Settle the warnings of a panel, which stays as it is.

    Args:
        settled: the panel.
        sources: the data sources that a warning may name.
        report: gets what is wrong.

    Returns:
        The queries of the warnings, to be checked as any others; each sends its condition.
    """
    kind = settled.panel.type_id
    queries = SettledQueries(None)
    if kind != "table" and kind not in _SERIES:
        message = f"a {kind or 'plugin'} panel cannot show a data warning"
        hint = "put the warning on a stat beside it"
        report.error(RULE, message, (*settled.path, "warnings"), hint, key=True)
        return queries
    for number, warning in enumerate(settled.panel.warnings):
        path = (*settled.path, "warnings", number)
        source = _source(warning, settled, sources, report.at(path))
        condition = _condition(warning, report.at(path))
        if source is None or condition is None:
            continue
        if source.type == "prometheus" and _is_number(condition):
            message, hint = "the query is a number, so the warning holds always", "compare a series: `… < 30`"
            report.error(RULE, message, (*path, "query"), hint)
            continue
        refs = {query.ref for query in (*settled.queries, *queries.queries)}
        queries.queries.append(_query(warning, condition, source, settled.panel, refs))
        queries.queries[-1].path = path
        queries.parsed.append(LANGUAGES[source.type].parse(warning.query) if warning.query else None)
    return queries


def show_warnings(
    settled: SettledPanel, warnings: SettledQueries, own: SettledQueries, report: Reporter
) -> None:
    """Put the queries of warnings on their panel, and give them their looks.

    Args:
        settled: the panel.
        warnings: its warnings, whose queries have no fault.
        own: its own queries.
        report: gets what is wrong with a table's rows.
    """
    first = own.parsed[0] if own.parsed else None
    for query in warnings.queries:
        if settled.panel.type_id == "table":
            _add_row(settled.queries, query, first, report.at(query.path))
            query.query.hide = True
        else:
            query.sent = f"{enclosed(query.sent)} ^ 0"
        settled.derived[f"legend of {query.ref}"] = "the message of the warning"
    settled.queries += warnings.queries
    _draw(settled, warnings.queries, first)


def _source(
    warning: DataWarning, settled: SettledPanel, sources: Sources, report: Reporter
) -> DataSourceRef | None:
    """The data source of a warning: its own, else the panel's, else that of the panel's first query."""
    name = warning.datasource
    if name is not None and sources.find(name) is None:
        report.error(
            "datasource/unknown", f"there is no data source `{name}`", ("datasource",), sources.hint(name)
        )
        return None
    source = settled.datasource if name is None else sources.find(name)
    if source == MIXED and settled.queries:
        source = settled.queries[0].datasource
    if source is None or source.type in _LANGUAGES:
        return source
    message = f"a data warning is a query in PromQL or LogQL, and `{source.uid}` is a {source.type}"
    report.error(RULE, message, (), "add `datasource:` with a Prometheus or a Loki")
    return None


def _condition(warning: DataWarning, report: Reporter) -> str | None:
    """The query that has a result while the warning holds; None when its condition cannot be read."""
    if warning.when is None:
        return warning.query
    condition = parse_condition(warning.when)
    if isinstance(condition, ConditionProblem):
        report.error("alert/condition", condition.message, ("when",), condition.hint)
        return None
    if condition.kind is Kind.ABSENT:
        report.error(
            RULE, "a missing series has no value to compare", ("when",), "write `absent(…)` in the query"
        )
        return None
    return warning.query if condition.kind is Kind.PRESENT else compared(enclosed(warning.query), condition)


def _is_number(condition: str) -> bool:
    tree = read_promql(condition).tree
    return not isinstance(tree, RefusalError) and tree.expr.type == "scalar"


def _query(
    warning: DataWarning, condition: str, source: DataSourceRef, panel: Panel, refs: set[str]
) -> SettledQuery:
    names = ("warning", *(f"warning{number}" for number in range(2, len(refs) + 3)))
    return SettledQuery(
        query=Query(content=warning.query),
        path=(),
        ref=next(name for name in names if name not in refs),
        datasource=source,
        legend=f"{SIGN} {warning.message}",
        # A value shows what is so now; over time the reader sees when it was so.
        instant=panel.type_id != "timeseries",
        format=panel.result_format,
        sent=condition,
        warning=warning,
    )


def _column(warning: DataWarning, first: ParsedQuery | None) -> str:
    """The label in whose column of a table a message is shown; empty when it is not known."""
    labels = first.grouping or () if first is not None else ()
    return warning.column or next((label for label in labels if "$" not in label), "")


def _add_row(
    queries: list[SettledQuery], query: SettledQuery, first: ParsedQuery | None, report: Reporter
) -> None:
    """Add the row of a warning to the first query of its table."""
    warning, table = query.warning, next(iter(queries), None)
    column = _column(warning, first) if warning is not None else ""
    if warning is None or table is None or table.datasource != query.datasource:
        message = "the row of a warning comes with the table's first query, which has another data source"
        report.error(RULE, message, (), "put the warning on a stat beside the table")
    elif not column:
        message = "the labels of the table's first query are not known, so the message has no column"
        report.error(RULE, message, (), "add `column:` with one of its labels")
    elif len(set(_LABEL.findall(warning.message))) > 1:
        message = "the message has several labels, and a table can show one"
        report.error(RULE, message, ("message",), "keep one")
    else:
        table.sent = f"{table.sent or enclosed(table.query.query)}\nor {_row(warning, query.sent, column)}"


def _row(warning: DataWarning, condition: str, column: str) -> str:
    """The query of a table's row: its value is NaN, which the table shows as a sign."""
    value = f"{enclosed(condition)} * 0 / 0"
    label = next(iter(_LABEL.findall(warning.message)), "")
    if label != column:
        # Series that differ in this column only would become one with the same labels, which is an error.
        value = f"max without ({column}) ({value})"
    text = _LABEL.sub("$1", f"{SIGN} {warning.message.replace('$', '$$')}")
    pattern = "(.*)" if label else ""
    return f'label_replace({value}, "{column}", {double_quoted_text(text)}, "{label}", "{pattern}")'


def _draw(settled: SettledPanel, queries: list[SettledQuery], first: ParsedQuery | None) -> None:
    """The looks of warnings: red, and a sign instead of a number."""
    panel = settled.panel
    if panel.type_id == "table":
        mappings = {"nan": Mapping(text=SIGN, color="red"), **(panel.mappings or {})} if queries else None
        columns = {_shown_name(_column(query.warning, first), panel) for query in queries if query.warning}
        overrides = [_column_override(name, panel) for name in sorted(columns)]
        settled.panel = replace(panel, mappings=mappings, overrides=[*panel.overrides, *overrides])
    else:
        overrides = [override for query in queries for override in _overrides(query, panel)]
        settled.panel = replace(panel, overrides=[*panel.overrides, *overrides])


def _shown_name(column: str, panel: Panel) -> str:
    """The name that the column of a label has after the panel's transformations, which overrides go by."""
    name = column
    for item in panel.transformations:
        for kind, options in item.items() if isinstance(item, dict) and "id" not in item else ():
            if kind == "groupingToMatrix" and options.get("rowField") == name:
                name = f"{name}\\{options.get('columnField')}"
            elif kind == "organize":
                name = (options.get("renameByName") or {}).get(name, name)
    return name


def _column_override(name: str, panel: Panel) -> Override:
    """The column in which messages are shown: red, and as high as they need; what is written stays."""
    written = getattr(panel, "columns", {}).get(name)
    custom = {"cell": "color-text", "wrap": True}
    return Override(
        name=name,
        color=None if getattr(written, "color", None) else "text",
        mappings=None if getattr(written, "mappings", None) else {f"/^{SIGN} .*/": Mapping(color="red")},
        custom={key: value for key, value in custom.items() if getattr(written, key, None) is None},
    )


def _overrides(query: SettledQuery, panel: Panel) -> Iterator[Override]:
    is_nameless = getattr(panel, "text_mode", "auto") in ("value", "none")
    message = query.legend if is_nameless else SIGN
    yield Override(
        query=query.ref,
        color="red",
        min=0,
        max=1,
        mappings={"1": Mapping(text=_LABEL.sub(r"\1", message), color="red")},
        properties=_AREA if panel.type_id == "timeseries" else {},
    )
