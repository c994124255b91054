"""Check the variables of a dashboard: their queries, what they start with, and how they depend on each other."""

from collections.abc import Iterator, Mapping, Sequence

from dashgen.compile.settle.query_meaning import label_values_faults
from dashgen.compile.settle.query_text import (
    QueryContext,
    QueryFault,
    place_faults,
    query_faults,
    variable_faults,
)
from dashgen.core.diagnostics import Diagnostic, nearest
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
from dashgen.source.provenance import Resolved

_ALL = "all"
_AUTO = ("auto", "$__auto_interval")


def check_variables(
    variables: Sequence[SettledVariable], context: QueryContext, resolved: Resolved
) -> Iterator[Diagnostic]:
    """What is wrong with the variables of a dashboard.

    Args:
        variables: the variables with their data sources.
        context: what their queries can read and name.
        resolved: the dashboard's document.
    """
    for settled in variables:
        variable = settled.variable
        has_query = isinstance(variable, QueryVariable) and "query" not in variable.raw
        if has_query and isinstance(variable, QueryVariable) and settled.datasource is not None:
            path = (*settled.path, "query")
            faults = _query_faults(variable.query, settled.datasource.type, context)
            yield from place_faults(faults, resolved, path, variable.query)
        yield from _value_faults(settled, resolved)
        for message, hint in _default_faults(variable):
            yield resolved.diagnostic("variable/default", message, (*settled.path, "default"), hint)
    yield from _cycles(variables, resolved)


def _query_faults(text: str, language: str, context: QueryContext) -> list[QueryFault]:
    variable_query = read_variable_query(text, language)
    if variable_query.fault is not None:
        return [QueryFault("query/syntax", *variable_query.fault)]
    faults = variable_faults(text, substitute(text)[1], context)
    inside = QueryContext(context.contract)
    for fault in query_faults(variable_query.query, language, inside) if variable_query.query else ():
        faults.append(
            fault._replace(offset=fault.offset + variable_query.offset if fault.offset >= 0 else -1)
        )
    if variable_query.label and context.contract is not None:
        offset = text.rindex(variable_query.label)
        faults += label_values_faults(
            variable_query.label, offset, variable_query.query, language, context.contract
        )
    return faults


def _value_faults(settled: SettledVariable, resolved: Resolved) -> Iterator[Diagnostic]:
    """Values that Grafana would read otherwise, and patterns that it cannot read."""
    variable = settled.variable
    if isinstance(variable, CustomVariable):
        keys = (
            list(range(len(variable.values))) if isinstance(variable.values, list) else list(variable.values)
        )
        for number, message, hint in unreadable(variable.pairs()):
            path = (*settled.path, "values", keys[number])
            yield resolved.diagnostic("variable/value", message, path, hint)
    regex = variable.regex if isinstance(variable, QueryVariable | DatasourceVariable) else ""
    if regex and not references(regex) and (wrong := pattern_problem(regex)):
        message = f"`{regex}` is not a regular expression: {wrong}"
        yield resolved.diagnostic("variable/regex", message, (*settled.path, "regex"), "correct it")
    if isinstance(variable, DatasourceVariable) and variable.plugin not in KNOWN_TYPES:
        hint = nearest(variable.plugin, KNOWN_TYPES)
        # Plugins that people install have ids that no list has; only what looks like a misspelt one is reported.
        if hint.startswith("did you mean") and "-" not in variable.plugin:
            message = f"there is no data source type `{variable.plugin}`"
            yield resolved.diagnostic("datasource/type", message, (*settled.path, "plugin"), hint)
    if isinstance(variable, IntervalVariable) and interval_problem(variable.auto_min):
        hint = span_hint(variable.auto_min, "10s")
        yield resolved.diagnostic(
            "time/interval", interval_problem(variable.auto_min), (*settled.path, "auto_min"), hint
        )


def _default_faults(variable: Variable) -> Iterator[tuple[str, str]]:
    default = variable.default
    if default is None:
        return
    defaults = default if isinstance(default, list) else [default]
    multi = isinstance(variable, ChoiceVariable) and variable.multi
    if isinstance(default, list) and not multi:
        hint = "add `multi: true`, or give one value"
        if not isinstance(variable, ChoiceVariable):
            hint = "give one value"
        yield f"`{variable.name}` has one value, not a list of them", hint
    for value in defaults:
        values = _values(variable)
        if values is None or value in values or "$" in value:
            continue
        if value == _ALL:
            yield f"`{variable.name}` does not offer `all`", "add `include_all: true`"
        else:
            yield f"`{value}` is not among the values of `{variable.name}`", nearest(value, values)


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


def _cycles(variables: Sequence[SettledVariable], resolved: Resolved) -> Iterator[Diagnostic]:
    """Variables that wait for each other: Grafana never loads them."""
    names = {settled.variable.name for settled in variables}
    needs = {
        settled.variable.name: [name for name in _named(settled.variable) if name in names]
        for settled in variables
    }
    for settled in variables:
        name = settled.variable.name
        round_trip = _way_back(name, needs)
        if not round_trip:
            continue
        path = (*settled.path, "query" if isinstance(settled.variable, QueryVariable) else "name")
        shown = " → ".join(f"`${step}`" for step in (name, *round_trip))
        message = f"`${name}` needs itself: {shown}" if len(round_trip) > 1 else f"`${name}` needs itself"
        yield resolved.diagnostic("variable/cycle", message, path, "let one of them stand alone")


def _named(variable: Variable) -> list[str]:
    if isinstance(variable, QueryVariable):
        texts = [variable.query, variable.regex, variable.datasource or ""]
    elif isinstance(variable, CustomVariable):
        values = variable.values
        texts = values if isinstance(values, list) else [*values, *values.values()]
    elif isinstance(variable, DatasourceVariable):
        texts = [variable.regex]
    else:
        texts = []
    return list(dict.fromkeys(use.name for text in texts for use in references(text)))


def _way_back(start: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a variable back to itself; empty when there is none."""
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
