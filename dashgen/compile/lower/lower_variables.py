"""Template variables as grafanalib templates."""

from dashgen.compile.lower.objects import TemplateObject
from dashgen.core.json_values import Json
from dashgen.formats.dashboard.variable_queries import variable_query
from dashgen.model.custom_values import custom_text
from dashgen.model.settled_dashboard import SettledVariable
from dashgen.model.variable_spec import (
    AdhocVariable,
    ChoiceVariable,
    ConstantVariable,
    CustomVariable,
    DatasourceVariable,
    IntervalVariable,
    QueryVariable,
    SwitchVariable,
    Variable,
)

ALL = "$__all"
HIDE = {"nothing": 0, "label": 1, "variable": 2, "menu": 3}
REFRESH = {"never": 0, "load": 1, "time": 2}
SORT = {
    "none": 0, "alphabetical": 1, "alphabetical-desc": 2, "numerical": 3, "numerical-desc": 4,
    "alphabetical-ci": 5, "alphabetical-ci-desc": 6, "natural": 7, "natural-desc": 8,
}  # fmt: skip


def lower_variable(settled: SettledVariable) -> TemplateObject:
    """A variable by its type."""
    variable = settled.variable
    return TemplateObject(
        name=variable.name,
        label=variable.label,
        description=variable.description,
        hide=HIDE[variable.hide],
        **_by_type(settled),
    )


def _by_type(settled: SettledVariable) -> Json:
    variable = settled.variable
    if isinstance(variable, ChoiceVariable):
        return {**_choice(variable), **_choices(variable, settled)}
    if isinstance(variable, IntervalVariable):
        return _interval(variable)
    if isinstance(variable, ConstantVariable):
        return {"type": "constant", "query": variable.value, "default": variable.value}
    if isinstance(variable, SwitchVariable):
        return _switch(variable)
    if isinstance(variable, AdhocVariable):
        return {"type": "adhoc", "query": "", "dataSource": _ref(settled), "filters": variable.filters}
    text = first(variable) or ""
    return {"type": "textbox", "query": text, "default": text}


def _choices(variable: ChoiceVariable, settled: SettledVariable) -> Json:
    if isinstance(variable, QueryVariable):
        return _query(variable, settled)
    if isinstance(variable, CustomVariable):
        return _custom(variable)
    plugin = variable.plugin if isinstance(variable, DatasourceVariable) else ""
    regex = variable.regex if isinstance(variable, DatasourceVariable) else ""
    return {"type": "datasource", "query": plugin, "regex": regex, "default": chosen(variable)}


def chosen(variable: Variable) -> str | list[str] | None:
    """The value or values chosen at first, with Grafana's ``$__all`` for `all`."""
    default = variable.default
    if isinstance(default, list):
        return [ALL if value == "all" else value for value in default]
    return ALL if default == "all" else default


def first(variable: Variable) -> str | None:
    """The value chosen at first, where there can be one only."""
    default = variable.default
    return (default[0] if default else None) if isinstance(default, list) else default


def _ref(settled: SettledVariable) -> dict[str, str] | None:
    source = settled.datasource
    return None if source is None else {"type": source.type, "uid": source.uid}


def _choice(variable: ChoiceVariable) -> Json:
    # grafanalib has one value at first; `migrate_variable` makes a list of it where the variable is multi.
    return {
        "multi": variable.multi,
        "includeAll": variable.include_all,
        "allValue": variable.all_value,
    }


def _query(variable: QueryVariable, settled: SettledVariable) -> Json:
    source = settled.datasource
    return {
        "type": "query",
        "query": variable_query(variable.query, source.type if source else ""),
        "definition": variable.query,
        "dataSource": _ref(settled),
        "default": chosen(variable),
        "regex": variable.regex,
        "sort": SORT[variable.sort],
        "refresh": REFRESH[variable.refresh],
    }


def _custom(variable: CustomVariable) -> Json:
    pairs = variable.pairs()
    default = chosen(variable)
    selected_values = default if isinstance(default, list) else [default]
    if default is None:
        selected_values = [ALL] if variable.include_all else [pairs[0][1]] if pairs else []
    options = [{"selected": value in selected_values, "text": text, "value": value} for text, value in pairs]
    if variable.include_all:
        options.insert(0, {"selected": ALL in selected_values, "text": "All", "value": ALL})
    return {"type": "custom", "query": custom_text(pairs), "options": options}


def _switch(variable: SwitchVariable) -> Json:
    """A switch, whose options are the value that it has while it is on, and the one while it is off."""
    default = first(variable) or variable.off
    options = [{"selected": v == default, "text": v, "value": v} for v in (variable.on, variable.off)]
    return {"type": "switch", "query": "", "default": default, "options": options}


def _interval(variable: IntervalVariable) -> Json:
    default = first(variable) or (variable.values[0] if variable.values else "")
    return {
        "type": "interval",
        "query": ",".join(variable.values),
        "default": default,
        "auto": variable.auto,
        "autoCount": variable.auto_count,
        "autoMin": variable.auto_min,
    }
