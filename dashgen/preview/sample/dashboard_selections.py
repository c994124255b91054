"""What the queries and variables of a dashboard read, with every value that a variable may have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_queries import DashboardQueries, DashboardView, PanelQuery
from dashgen.doctor.live.live_variables import Interpolation, VariableValue, VariableValues
from dashgen.doctor.live.queried_values import chosen_options, written_query
from dashgen.doctor.live.variable_options import ALL, VariableOption, VariableOptions
from dashgen.formats.panel_tree import drawn_panels, every_variable
from dashgen.preview.sample.label_pools import usual_values
from dashgen.preview.sample.selections import Selection, query_selections
from dashgen.preview.sample.typed_targets import typed_dashboard
from dashgen.preview.views.view import View
from dashgen.preview.views.view_time import moment_of, panel_window
from dashgen.preview.views.view_variables import view_values

_LABEL_VALUES: Final = lazy_pattern(r"\s*label_values\(\s*(?:(.+),)?\s*\"?([\w.]+)\"?\s*\)\s*")
_QUERY_RESULT: Final = lazy_pattern(r"\s*query_result\((.*)\)\s*")
_LEGEND_LABEL: Final = lazy_pattern(r"\{\{\s*([a-zA-Z_]\w*)\s*\}\}")
_LABEL_IN_PATTERN: Final = lazy_pattern(r'([a-zA-Z_]\w*)=\\?"')
_COLUMN: Final = lazy_pattern(r"[a-z_][a-z0-9_]*")
_NO_LABELS: Final = frozenset({"time", "value", "__name__", "metric"})
_MOST_OPTIONS: Final = 4


class DashboardReading(Struct, frozen=True):
    """What a dashboard reads.

    Attributes:
        selections: what queries of metrics select.
        chosen: values of labels that are saved as chosen.
        log_queries: the queries of logs, filled in.
        trace_queries: the queries of traces, filled in.
    """

    selections: list[Selection] = field(default_factory=list)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    log_queries: list[str] = field(default_factory=list)
    trace_queries: list[str] = field(default_factory=list)


def dashboard_reading(
    dashboard: Json, now_ms: int, options: VariableOptions | None = None
) -> DashboardReading:
    """What a dashboard reads.

    Args:
        dashboard: in the extended classic form.
        now_ms: the present.
        options: the options of variables; likely ones where they are not known yet.
    """
    reading = DashboardReading()
    dashboard = typed_dashboard(dashboard)
    likely = {
        text(variable.get("name")): _likely_options(variable, reading.chosen)
        for variable in every_variable(dashboard)
        if variable.get("type") == "query"
    }
    offered = {**likely, **(options or {})}
    opened = view_values(dashboard, offered, View())
    everything = _with_every_option(opened, {name: offered[name] for name in likely})
    reader = DashboardQueries(DashboardView(dashboard), moment_of(now_ms), {})
    for panel in drawn_panels(dashboard.get("panels")):
        queries = zip(reader.of_panel(panel, opened), reader.of_panel(panel, everything), strict=True)
        for one, other in queries:
            _read(one, other.expr, _shown_labels(panel), reading)
    window = panel_window(dashboard, {}, now_ms)
    for values in (everything, opened):
        reading.selections.extend(_of_variables(dashboard, Interpolation(values, window, dashboard)))
    filling = Interpolation(opened, window, dashboard)
    for annotation in mappings(mapping(dashboard.get("annotations")).get("list")):
        expr = text(annotation.get("expr")) or text(mapping(annotation.get("target")).get("expr"))
        reading.selections.extend(query_selections(filling(expr)))
    return reading


def _read(query: PanelQuery, everything: str, labels: Sequence[str], reading: DashboardReading) -> None:
    if query.source_type == "loki":
        reading.log_queries.append(query.expr)
    elif query.source_type == "tempo":
        reading.trace_queries.append(query.expr)
    elif query.source_type == "prometheus":
        shown_labels = [*labels, *_LEGEND_LABEL.findall(text(query.target.get("legendFormat")))]
        for expr in dict.fromkeys((everything, query.expr)):
            reading.selections.extend(query_selections(expr, shown_labels))


def _with_every_option(
    opened: VariableValues, options: Mapping[str, Sequence[VariableOption]]
) -> VariableValues:  # fmt: skip
    queried = {
        name: VariableValue(tuple(one.value for one in listed[:_MOST_OPTIONS]), several=True)
        for name, listed in options.items()
        if listed
    }
    return VariableValues({**opened.by_name, **queried}, opened.unknown)


def _likely_options(variable: Json, chosen: dict[str, list[str]]) -> list[VariableOption]:
    """The options that a variable will have: usual values of its label, and what is saved as chosen."""
    saved = mapping(variable.get("current")).get("value")
    values = [one for one in (saved if isinstance(saved, list) else [saved]) if isinstance(one, str)]
    values = [one for one in values if one and one not in {ALL, "All"}][:_MOST_OPTIONS]
    labels = _variable_labels(variable, written_query(variable))
    if not labels:
        return [VariableOption(one, one) for one in values or _label_names(variable)]
    label = labels[0]
    if not text(variable.get("regex")):
        listed = chosen.setdefault(label, [])
        listed += [one for one in values if one not in listed]
    listed = [*dict.fromkeys([*chosen.get(label, ()), *usual_values(label)])]
    if not _LABEL_VALUES.fullmatch(written_query(variable)) and text(variable.get("regex")):
        # What is queried are series, in whose text the regex finds the label.
        listed = [f'series{{{label}="{one}"}}' for one in listed]
    return chosen_options(variable, listed) or [VariableOption(one, one) for one in values]


def _label_names(variable: Json) -> list[str]:
    is_of_labels = (
        "label_names(" in written_query(variable) or mapping(variable.get("query")).get("type") == 0
    )
    return ["job", "instance"] if is_of_labels else []


def _variable_labels(variable: Json, query: str) -> list[str]:
    """The labels whose values a variable has: that of `label_values`, or those that its regex looks for."""
    match = _LABEL_VALUES.fullmatch(query)
    if own := text(mapping(variable.get("query")).get("label")):
        return [own]
    return [match[2]] if match else _LABEL_IN_PATTERN.findall(text(variable.get("regex")))


def _shown_labels(panel: Json) -> list[str]:
    """The labels that a panel's transformations name."""
    names: list[str] = []
    for one in mappings(panel.get("transformations")):
        options = mapping(one.get("options"))
        for key in ("renameByName", "excludeByName", "indexByName", "fields"):
            names += [*mapping(options.get(key))]
        names += [text(options.get(key)) for key in ("byField", "rowField", "columnField")]
    return [name for name in dict.fromkeys(names) if _COLUMN.fullmatch(name) and name not in _NO_LABELS]


def _of_variables(dashboard: Json, filling: Interpolation) -> Iterator[Selection]:
    for variable in every_variable(dashboard):
        if variable.get("type") != "query":
            continue
        query = filling(written_query(variable))
        match = _LABEL_VALUES.fullmatch(query) or _QUERY_RESULT.fullmatch(query)
        yield from query_selections(match[1] or "" if match else query, _variable_labels(variable, query))
