"""The names that each server defines for templates, and the faults of those that it does not.

Sources: see `template_data`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.query.gotemplate.template_data import (
    ALERTMANAGER,
    ALERTMANAGER_TYPES,
    GO,
    GRAFANA,
    GRAFANA_TYPES,
    NAMESPACES,
    NOTIFICATION_TYPES,
    PROMETHEUS,
    PROMETHEUS_TYPES,
    RESULTS,
    TEXTS,
    Arguments,
    DataType,
)
from dashgen.query.gotemplate.template_data import (
    LOKI_LINE as LOKI_LINE_FUNCTIONS,
)
from dashgen.query.gotemplate.template_names import ROOT, DataPath, Name, ParsedTemplate, TemplateFault
from dashgen.query.gotemplate.template_parser import parse_template

_ANY_DEFINE: Final = 'define "'
# What a template is called with that its own text never calls: probably the data, but another text may call
# it with an alert or a dictionary.
_LIKELY_DATA: Final = "?"


_WHAT: Final = {
    "text": "a text",
    "number": "a number",
    "sample": "a sample",
    "samples": "a list of samples",
    "value": "a value",
    "texts": "a list of texts",
    "pair": "a pair",
    "pairs": "a list of pairs",
    "alert": "an alert",
    "alerts": "a list of alerts",
    "some alerts": "a list of alerts",
    "data": "the data",
}
"""The types without keys of their own, as messages name them."""


class Dialect(Struct, frozen=True):
    """The names that a server defines for templates.

    Attributes:
        name: the server's name in messages.
        functions: its functions, Go's own among them, with their arguments.
        variables: the variables that it declares, with their ``$``, and the types of their values.
        types: the types of its values; ``data`` is that of the template's data, and missing when that is any.
        namespaces: functions that only have methods, with the arguments of these.
        is_called_with_data: whether a template that no other one uses is run with the data itself.
    """

    name: str
    functions: Mapping[str, Arguments]
    variables: Mapping[str, str] = {}
    types: Mapping[str, DataType] = {}
    namespaces: Mapping[str, Mapping[str, Arguments]] = {}
    is_called_with_data: bool = False


PROMETHEUS_RULE: Final = Dialect(
    "Prometheus",
    {**GO, **PROMETHEUS},
    {"$labels": "labels", "$value": "number", "$externalLabels": "labels", "$externalURL": "text"},
    PROMETHEUS_TYPES,
)
LOKI_RULE: Final = Dialect("Loki", PROMETHEUS_RULE.functions, PROMETHEUS_RULE.variables, PROMETHEUS_TYPES)
GRAFANA_RULE: Final = Dialect(
    "Grafana",
    {**GO, **PROMETHEUS, **GRAFANA},
    {"$labels": "labels", "$value": "text", "$values": "values"},
    GRAFANA_TYPES,
)
LOKI_LINE: Final = Dialect("Loki", {**GO, **LOKI_LINE_FUNCTIONS}, types={"data": TEXTS, "text": DataType()})
"""``line_format`` and ``label_format``: the fields are the labels of the line, which are not known."""
NOTIFICATION: Final = Dialect(
    "Grafana",
    {**GO, **ALERTMANAGER, **dict.fromkeys(NAMESPACES, Arguments(0, 0))},
    {},
    NOTIFICATION_TYPES,
    NAMESPACES,
    is_called_with_data=True,
)

ALERTMANAGER_NOTIFICATION: Final = Dialect(
    "Alertmanager", {**GO, **ALERTMANAGER}, {}, ALERTMANAGER_TYPES, is_called_with_data=True
)
"""Alertmanager itself: without the functions and fields that grafana/alerting adds."""


def check_template(text: str, dialect: Dialect) -> list[TemplateFault]:
    """The faults that keep a server from parsing or running a template.

    Args:
        text: the template.
        dialect: the names that the server defines.
    """
    if "{{" not in text:
        return []
    template = parse_template(text)
    return [*([template.fault] if template.fault else []), *template_faults(template, dialect)]


def template_faults(template: ParsedTemplate, dialect: Dialect) -> Iterator[TemplateFault]:
    """The names of a template that a server does not have, and those that it cannot use so."""
    calls = _Calls(template, dialect)
    for name in template.names:
        fault = unknown_name(name, dialect, calls.path(name.path))
        if fault is not None:
            yield fault


class _Calls:
    """What the templates of a text are called with."""

    def __init__(self, template: ParsedTemplate, dialect: Dialect) -> None:
        self._paths: dict[str, set[DataPath]] = {}
        for call in template.calls:
            self._paths.setdefault(call.name, set()).add(call.path)
        self._is_data = dialect.is_called_with_data

    def path(self, path: DataPath) -> DataPath:
        """A path from the data on, where it starts with what a template of the text is called with."""
        for _ in range(10):  # templates may call themselves
            if not path or not path[0].startswith(_ANY_DEFINE):
                return path
            name = path[0].removeprefix(_ANY_DEFINE)[:-1]
            paths = self._paths.get(name)
            if paths is None:
                return (_LIKELY_DATA, *path[1:]) if self._is_data else ()
            start = next(iter(paths)) if len(paths) == 1 else ()
            path = (*start, *path[1:]) if start else ()
        return ()


def unknown_name(name: Name, dialect: Dialect, path: DataPath | None = None) -> TemplateFault | None:
    """The fault of a name that the server does not define, or cannot use so; None when it can.

    Args:
        name: the name.
        dialect: the server's names.
        path: where the value before its fields comes from, when that is known better than by the name alone.
    """
    if name.kind == "function":
        return _function_fault(name, dialect)
    if name.kind == "index":
        return None
    is_own = name.kind != "variable" or name.name == "$" or name.declared
    if not is_own and not (name.root and name.name in dialect.variables):
        message = f"{dialect.name} has no template variable `{name.name}`"
        return TemplateFault(message, _variable_hint(name, dialect), name.start)
    return _field_fault(name, dialect, name.path if path is None else path)


def _function_fault(name: Name, dialect: Dialect) -> TemplateFault | None:
    takes = dialect.functions.get(name.name)
    if takes is None:
        hint = _function_hint(name.name, dialect)
        return TemplateFault(f"{dialect.name} has no template function `{name.name}`", hint, name.start)
    if name.name in dialect.namespaces:
        methods = dialect.namespaces[name.name]
        if name.fields and name.fields[0] not in methods:
            hint = nearest(name.fields[0], methods)
            message = f"`{name.name}` has no function `{name.fields[0]}`"
            return TemplateFault(message, hint, name.start + len(name.name), at_run=True)
        return None
    count = name.arguments
    if count < 0 or (takes.least <= count and (takes.most is None or count <= takes.most)):
        return None
    message = f"`{name.name}` takes {takes}, and has {count}"
    hint = "add what is missing" if count < takes.least else "remove what is too much, or write parentheses"
    return TemplateFault(message, hint, name.start, at_run=True)


def _field_fault(name: Name, dialect: Dialect, path: DataPath) -> TemplateFault | None:
    """The first field of a name that the value before it does not have."""
    kind = _type_of(path, dialect)
    steps = (name.name, *name.fields) if name.kind == "field" else name.fields
    offset = name.start if name.kind != "variable" else name.start + len(name.name)
    for index, step in enumerate(steps):
        data_type = dialect.types.get(kind)
        if data_type is None:
            return None
        if step in data_type.fields:
            kind = data_type.fields[step]
        elif data_type.is_map:
            kind = data_type.element
        elif index == 0 and path == (_LIKELY_DATA,):
            return _misspelt_field(step, dialect, offset)
        else:
            return _missing_field((kind, step), name, dialect, offset, is_root=index == 0 and path == ROOT)
        offset += len(step) + 1
    return None


def _missing_field(
    field: tuple[str, str], name: Name, dialect: Dialect, offset: int, *, is_root: bool
) -> TemplateFault:
    kind, step = field
    fields = dialect.types[kind].fields
    if is_root:
        hint = nearest(f".{step}", [f".{candidate}" for candidate in fields]) or "correct the field"
        message = f"the data of a template in {dialect.name} has no `.{step}`"
        # At `$.Valu`, the fault is that of the whole name.
        return TemplateFault(message, hint, name.start, at_run=True)
    names = [f".{candidate}" for candidate in fields]
    hint = nearest(f".{step}", names) or f"use one of {', '.join(sorted(names))}" if names else ""
    return TemplateFault(f"{_WHAT[kind]} has no `.{step}`", hint or f"remove `.{step}`", offset, at_run=True)


def _misspelt_field(step: str, dialect: Dialect, offset: int) -> TemplateFault | None:
    """The fault of a field that is close to one of the data, where the value may also be something else."""
    fields = [field for kind in ("data", "alert") for field in dialect.types[kind].fields]
    hint = nearest(f".{step}", [f".{field}" for field in fields])
    if step in fields or step.lower() in {field.lower() for field in fields} or "did you mean" not in hint:
        return None
    return TemplateFault(
        f"the data of a template in {dialect.name} has no `.{step}`", hint, offset, at_run=True
    )


def _type_of(path: DataPath, dialect: Dialect) -> str:
    """The type of the value that a path leads to; empty when that is not known."""
    if not path:
        return ""
    kind = (
        "data"
        if path[0] in {*ROOT, _LIKELY_DATA}
        else dialect.variables.get(path[0]) or RESULTS.get(path[0], "")
    )
    for step in path[1:]:
        data_type = dialect.types.get(kind)
        if data_type is None:
            return ""
        kind = data_type.element if step == "[]" else data_type.fields.get(step, "")
        if not kind and data_type.is_map:
            kind = data_type.element
    return kind


def _variable_hint(name: Name, dialect: Dialect) -> str:
    # A template that is called sees only what it is given, so `$labels` has to be handed over.
    if not name.root and name.name in dialect.variables:
        return f'hand it over, as in `{{{{ template "name" {name.name} }}}}`, and write `.`'
    close = nearest(name.name, dialect.variables)
    return close or f"declare it: `{{{{ {name.name} := … }}}}`"


def _function_hint(name: str, dialect: Dialect) -> str:
    variable = f"${name}"
    if variable in dialect.variables:
        return f"write `{variable}`"
    return nearest(name, dialect.functions) or "remove it"
