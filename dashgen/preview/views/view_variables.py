"""The variables of a dashboard with what is chosen, for the controls of a page and the texts of panels."""

from collections.abc import Iterable, Mapping, Sequence

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.doctor.live.adhoc_filters import adhoc_filters
from dashgen.doctor.live.live_variables import VariableValue, VariableValues, values_of
from dashgen.doctor.live.variable_options import ALL, ALL_TEXT, VariableOption, written_options
from dashgen.formats.panel_tree import every_variable
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedVariable

_WITH_OPTIONS = frozenset(("query", "custom", "interval", "datasource", "switch", "groupby"))
_HIDDEN = 2


def with_source_options(dashboard: Json, options: VariableOptions) -> VariableOptions:
    """The options, and for each variable of data sources without any the type that it chooses among."""
    missing = {
        text(variable.get("name")): text(variable.get("query"))
        for variable in every_variable(dashboard)
        if variable.get("type") == "datasource" and not options.get(text(variable.get("name")))
    }
    sources = {name: [VariableOption(kind, kind)] for name, kind in missing.items() if kind}
    return {**sources, **options} if sources else options


def view_values(
    dashboard: Json, options: VariableOptions, view: View, section: Iterable[Json] = ()
) -> VariableValues:
    """The values of all variables that are known in a section, as a view has them."""
    return values_of(dashboard, options, tuple(section), view.variables)


def viewed_variables(
    variables: Iterable[Json], options: VariableOptions, values: VariableValues, view: View
) -> tuple[ViewedVariable, ...]:
    """Variables with their options and what is chosen of them."""
    return tuple(
        _viewed(variable, options, values, view.variables.get(text(variable.get("name")), ()))
        for variable in variables
        if text(variable.get("name")) and variable.get("type") != "snapshot"
    )


def _viewed(
    variable: Json, options: VariableOptions, values: VariableValues, chosen: Sequence[str]
) -> ViewedVariable:
    name, kind = text(variable.get("name")), text(variable.get("type")) or "query"
    value = values.by_name.get(name, VariableValue(()))
    listed = [*options.get(name, ())] or written_options(variable)
    choices = tuple(listed) if kind in _WITH_OPTIONS else ()
    if variable.get("includeAll") is True:
        choices = (VariableOption(ALL_TEXT, ALL), *choices)
    is_all = value.shown == (ALL_TEXT,) and variable.get("includeAll") is True
    filters = tuple(one.written for one in adhoc_filters(variable, chosen)) if kind == "adhoc" else ()
    return ViewedVariable(
        name,
        text(variable.get("label")) or name,
        kind,
        choices,
        (ALL,) if is_all else filters or value.texts,
        filters or value.shown,
        is_multi=variable.get("multi") is True,
        hide=_HIDDEN if kind == "constant" else whole(variable.get("hide")),
        description=text(variable.get("description")),
    )


def chosen_values(variables: Iterable[ViewedVariable]) -> Mapping[str, tuple[str, ...]]:
    """What is chosen of each variable, as a view has it."""
    return {variable.name: variable.values for variable in variables}


def variable_texts(values: VariableValues) -> dict[str, str]:
    """The text of each variable, for titles."""
    return {name: " + ".join(value.shown) for name, value in values.by_name.items()}


def dashboard_variables(dashboard: Json) -> list[Json]:
    """The variables of a dashboard, without those of its sections."""
    return mappings(mapping(dashboard.get("templating")).get("list"))
