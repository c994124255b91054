"""The values that a variable may have, as far as its dashboard has them.

Sources: `CustomVariable`, `IntervalVariable` and `MultiValueVariable` of @grafana/scenes
(packages/scenes/src/variables/variants).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from dashgen.core.json_values import items, mapping, mappings, scalar_text, text
from dashgen.core.lazy_pattern import lazy_pattern

ALL: Final = "$__all"
ALL_TEXT: Final = "All"
AUTO: Final = "$__auto"
_PART: Final = lazy_pattern(r"(?:\\,|[^,])+")
_WITH_TEXT: Final = lazy_pattern(r"\s*(.+)\s:\s(.+)")
_QUOTED: Final = lazy_pattern(r"""(["'])(.*?)\1""")


class VariableOption(NamedTuple):
    """One of the values that a variable may have.

    Attributes:
        text: what people see.
        value: what stands for it in queries.
        properties: further values, by names that follow a dot: `${region.zone}`.
    """

    text: str
    value: str
    properties: tuple[tuple[str, str], ...] = ()


VariableOptions: TypeAlias = Mapping[str, Sequence[VariableOption]]
"""The options of variables by name, where a source of data was queried for them."""


def written_options(variable: Mapping[str, Any]) -> list[VariableOption]:
    """The options in the JSON of a variable, without the one for all of them."""
    kind, query = text(variable.get("type")), text(variable.get("query"))
    if kind == "custom" and query.strip():
        return _custom(variable, query)
    if kind == "interval" and query.strip():
        return _intervals(variable, query)
    static = [] if kind in {"custom", "interval"} else mappings(variable.get("staticOptions"))
    listed = [*mappings(variable.get("options")), *static]
    options = [_option(one.get("text"), one.get("value"), mapping(one.get("properties"))) for one in listed]
    return [one for one in dict.fromkeys(options) if one.value and one.value != ALL]


def _option(shown: object, value: object, properties: Mapping[str, Any]) -> VariableOption:
    written = scalar_text(items(value)[0]) if items(value) else scalar_text(value)
    label = scalar_text(items(shown)[0]) if items(shown) else scalar_text(shown)
    named = tuple((name, scalar_text(one)) for name, one in properties.items() if scalar_text(one))
    return VariableOption(label or written, written, named)


def _custom(variable: Mapping[str, Any], query: str) -> list[VariableOption]:
    if variable.get("valuesFormat") == "json":
        return _json_options(query)
    options = []
    for part in _PART.findall(query):
        plain = part.replace("\\,", ",")
        match = _WITH_TEXT.fullmatch(plain)
        shown, value = (match[1].strip(), match[2].strip()) if match else (plain.strip(), plain.strip())
        if value:
            options.append(VariableOption(shown, value))
    return options


def _json_options(query: str) -> list[VariableOption]:
    try:
        listed = items(json.loads(query))
    except (ValueError, RecursionError):
        return []
    options = []
    for one in listed:
        is_object = isinstance(one, dict)
        option = _option(one.get("text"), one.get("value"), one) if is_object else _option(one, one, {})
        if option.value:
            options.append(option)
    return options


def _intervals(variable: Mapping[str, Any], query: str) -> list[VariableOption]:
    values = [match[2] for match in _QUOTED.finditer(query)] or query.split(",")
    options = [VariableOption(value.strip(), value.strip()) for value in values if value.strip()]
    return [VariableOption("Auto", AUTO), *options] if variable.get("auto") is True else options
