"""Check the variables of a dashboard: their queries, their defaults, and how they depend on each other."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from dashgen.compile.settle.query_meaning import QueryFault, label_values_faults
from dashgen.compile.settle.query_text import QueryContext, query_faults, report_faults, variable_faults
from dashgen.core.diagnostics import nearest
from dashgen.model.base import as_list
from dashgen.model.custom_values import unreadable
from dashgen.model.data_source_spec import KNOWN_TYPES
from dashgen.model.patterns import pattern_problem
from dashgen.model.settled_dashboard import SettledVariable
from dashgen.model.times import interval_problem, span_hint
from dashgen.model.variable_spec import (
    ChoiceVariable,
    CustomVariable,
    DatasourceVariable,
    IntervalVariable,
    QueryVariable,
    SwitchVariable,
    Variable,
)
from dashgen.query.query_context import references
from dashgen.query.template_variables import substitute
from dashgen.query.variable_query import read_variable_query
from dashgen.source.provenance import Reporter

_ALL = "all"
_TEXTS = 1 << 8
_AUTO = ("auto", "$__auto_interval")
"""How a default may name the choice that `auto: true` adds."""


def check_variables(variables: Sequence[SettledVariable], context: QueryContext, report: Reporter) -> None:
    """Report what is wrong with the variables of a dashboard.

    Args:
        variables: the variables with their data sources.
        context: what their queries can read and name.
        report: gets what is wrong.
    """
    for settled in variables:
        variable = settled.variable
        if isinstance(variable, QueryVariable) and "query" not in variable.raw and settled.datasource:
            faults = _sound_or_faults(variable.query, settled.datasource.type, context)
            report_faults(faults, report.at((*settled.path, "query")), variable.query)
        _check_values(variable, report.at(settled.path))
        _check_default(variable, report.at((*settled.path, "default")))
    _check_cycles(variables, report)


def _sound_or_faults(text: str, language: str, context: QueryContext) -> list[QueryFault]:
    def find() -> list[QueryFault]:
        return _query_faults(text, language, context)

    return context.faults(text, language, "variable", context.variables, find=find)


def _query_faults(text: str, language: str, context: QueryContext) -> list[QueryFault]:
    variable_query = read_variable_query(text, language)
    if variable_query.fault is not None:
        return [QueryFault("query/syntax", *variable_query.fault)]
    faults = variable_faults(text, substitute(text)[1], context)
    if variable_query.query:
        # A function such as `label_values(…)` is Grafana's; the query inside it is checked as any other,
        # without the variables, which have been looked at in the whole text.
        for fault in query_faults(
            variable_query.query, language, QueryContext(context.contract, targets=context.targets)
        ):
            offset = fault.offset + variable_query.offset if fault.offset >= 0 else -1
            faults.append(fault._replace(offset=offset))
    if (label := variable_query.label) and context.contract is not None:
        offset = text.rindex(label)
        faults += label_values_faults(label, offset, variable_query.query, language, context.contract)
    return faults


def _check_values(variable: Variable, report: Reporter) -> None:
    """Report values that Grafana would read otherwise, and patterns that it cannot read."""
    if isinstance(variable, CustomVariable):
        values = variable.values
        keys = list(values) if isinstance(values, dict) else list(range(len(values)))
        for number, message, hint in unreadable(variable.pairs()):
            report.error("variable/value", message, ("values", keys[number]), hint)
    regex = variable.regex if isinstance(variable, QueryVariable | DatasourceVariable) else ""
    if regex and not references(regex) and (wrong := pattern_problem(regex)):
        report.error(
            "variable/regex", f"`{regex}` is not a regular expression: {wrong}", ("regex",), "correct it"
        )
    if isinstance(variable, DatasourceVariable) and variable.plugin not in KNOWN_TYPES:
        hint = nearest(variable.plugin, KNOWN_TYPES)
        # Plugins that people install are on no list: only what looks like a misspelt type is reported.
        if hint.startswith("did you mean") and "-" not in variable.plugin:
            message = f"there is no data source type `{variable.plugin}`"
            report.error("datasource/type", message, ("plugin",), hint)
    if isinstance(variable, IntervalVariable) and (problem := interval_problem(variable.auto_min)):
        report.error("time/interval", problem, ("auto_min",), span_hint(variable.auto_min, "10s"))


def _check_default(variable: Variable, report: Reporter) -> None:
    default, choice = variable.default, isinstance(variable, ChoiceVariable)
    if isinstance(default, list) and not (isinstance(variable, ChoiceVariable) and variable.multi):
        hint = "add `multi: true`, or give one value" if choice else "give one value"
        report.error("variable/default", f"`{variable.name}` has one value, not a list of them", (), hint)
    values = _values(variable)
    for value in as_list(default):
        if values is None or value in values or "$" in value:
            continue
        if value == _ALL:
            message, hint = f"`{variable.name}` does not offer `all`", "add `include_all: true`"
        else:
            message = f"`{value}` is not among the values of `{variable.name}`"
            hint = nearest(value, values)
        report.error("variable/default", message, (), hint)


def _values(variable: Variable) -> frozenset[str] | None:
    """The values that can be chosen; nothing where only a server or a person knows."""
    if isinstance(variable, CustomVariable):
        values = variable.values if isinstance(variable.values, list) else variable.values.values()
        return frozenset(values) | ({_ALL} if variable.include_all else frozenset())
    if isinstance(variable, IntervalVariable):
        return frozenset(variable.values) | (frozenset(_AUTO) if variable.auto else frozenset())
    if isinstance(variable, SwitchVariable):
        return frozenset((variable.on, variable.off))
    return None


def _check_cycles(variables: Sequence[SettledVariable], report: Reporter) -> None:
    """Report variables that wait for each other: Grafana never loads them."""
    names = {settled.variable.name for settled in variables}
    needs = {
        settled.variable.name: [name for name in _named(settled.variable) if name in names]
        for settled in variables
    }
    for settled in variables:
        name = settled.variable.name
        if round_trip := _way_back(name, needs):
            path = (*settled.path, "query" if isinstance(settled.variable, QueryVariable) else "name")
            way = " → ".join(f"`${step}`" for step in (name, *round_trip))
            message = f"`${name}` needs itself" + (f": {way}" if len(round_trip) > 1 else "")
            report.error("variable/cycle", message, path, "let one of them stand alone")


def _named(variable: Variable) -> list[str]:
    """The variables that a variable uses, each once."""
    if isinstance(variable, QueryVariable):
        texts = [variable.query, variable.regex, variable.datasource or ""]
    elif isinstance(variable, CustomVariable):
        values = variable.values
        texts = values if isinstance(values, list) else [*values, *values.values()]
    elif isinstance(variable, DatasourceVariable):
        texts = [variable.regex]
    else:
        texts = []
    return list(dict.fromkeys(name for text in texts for name in _names_in(text)))


@lru_cache(maxsize=_TEXTS)
def _names_in(text: str) -> tuple[str, ...]:
    """The variables that a text uses; most dashboards of a project have the same variables."""
    return tuple(use.name for use in references(text))


def _way_back(start: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a variable back to itself; empty when there is none."""
    # In breadth, so that the first way back is the shortest.
    ways = [[name] for name in needs.get(start, ())]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, name] for name in needs.get(way[-1], ())]
    return []
