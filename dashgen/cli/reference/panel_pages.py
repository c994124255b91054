"""The page on panels: an example of each type, and once the keys that several types share."""

from collections.abc import Callable, Mapping, Sequence
from inspect import cleandoc
from typing import get_args

from dashgen.compile.lower.panel_type import PanelType
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.model.panel_spec import Calc
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.project.schema.control_keys import CONTROLS
from dashgen.project.schema.schema_definitions import plain_name
from dashgen.project.schema.schema_shapes import Schema

Table = Callable[[Mapping[str, Schema], Sequence[str]], str]
PLUGIN = "plugin"
_OTHER = "other plugins"


def panel_sections(
    types: Mapping[str, Schema], kind: Schema, common: Mapping[str, Schema], table: Table
) -> list[str]:
    """The sections of the page, without those of the definitions that its tables link to.

    Args:
        types: the schema of each panel type.
        kind: the schema of the key `type`.
        common: the keys of every panel.
        table: the Markdown for keys, of which some are required.
    """
    classes: dict[str, type[PanelType]] = {**panel_types(), PLUGIN: PluginPanel}
    families = list(dict.fromkeys(base for name in types for base in _families(classes[name])))
    intro = (
        f"Without a `type` a panel is a `{DEFAULT_PANEL_TYPE}`. Below the types are the "
        "[keys of every panel](#keys-of-every-panel), such as `unit` and `thresholds`.\n"
    )
    of_every = (
        "Defaults for all panels, or for all of a type, are set in [dashgen.yaml](project.md#defaults)."
    )
    return [
        "# Panels\n",
        intro,
        _index(types),
        *(_type(name, schema, classes[name], common, table) for name, schema in types.items()),
        f"## keys of every panel\n\n{of_every}\n\n{table({'type': kind, **common}, [])}",
        *(_family(base, types, classes, table) for base in families),
        _calculations(),
    ]


def _index(types: Mapping[str, Schema]) -> str:
    rows = [
        f"| [{_heading(name)}](#{_anchor(_heading(name))}) | {schema['description'].splitlines()[0]} |"
        for name, schema in types.items()
    ]
    return "\n".join(["| type | |", "|---|---|", *rows]) + "\n"


def _type(name: str, schema: Schema, cls: type[PanelType], common: Mapping[str, Schema], table: Table) -> str:
    families = _families(cls)
    elsewhere = {key for base in families for key in _keys(base)} - _keys(cls)
    own = {
        key: value
        for key, value in schema["properties"].items()
        if key not in CONTROLS and key not in common and key not in elsewhere and key != "type"
    }
    text = f"## {_heading(name)}\n\n{schema['description']}\n\n{_example(cls)}"
    if own:
        text += f"\n{table(own, schema.get('required', []))}"
    if families:
        links = [f"[{_title(base)}](#{_anchor(_title(base))})" for base in families]
        text += f"\nAnd the {' and the '.join(links)}.\n"
    return text


def _example(cls: type[PanelType]) -> str:
    lines = [
        f"{'-' if number == 0 else ' '} {line}"
        for number, line in enumerate(cleandoc(cls.example).splitlines())
    ]
    return "\n".join(["    panels:", *(f"      {line}" for line in lines)]) + "\n"


def _family(
    base: type[PanelType], types: Mapping[str, Schema], classes: Mapping[str, type[PanelType]], table: Table
) -> str:
    """The section of a base class: its keys, as described by a panel type that does not override them."""
    members = [name for name in types if base in _families(classes[name])]
    keys = {
        key: next(
            types[name]["properties"][key]
            for name in members
            if key not in _keys(classes[name]) and key in types[name]["properties"]
        )
        for key in base.__annotations__
        if key in _keys(base)
    }
    names = ", ".join(f"`{name}`" for name in members)
    summary = cleandoc(base.__doc__ or "").splitlines()[0]
    return f"## {_title(base)}\n\n{summary} Types: {names}.\n\n{table(keys, [])}"


def _families(cls: type[PanelType]) -> list[type[PanelType]]:
    """The base classes of a panel type below `PanelType`, the most special first."""
    return [
        base
        for base in cls.__mro__[1:]
        if issubclass(base, PanelType) and base is not PanelType and not base.type_id
    ]


def _keys(cls: type[PanelType]) -> set[str]:
    """The keys that a class itself declares."""
    return {*cls.__annotations__} & {*cls.__struct_fields__}


def _title(base: type[PanelType]) -> str:
    return f"keys of {plain_name(base.__name__)}s"


def _heading(name: str) -> str:
    return _OTHER if name == PLUGIN else name


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _calculations() -> str:
    names = ", ".join(f"`{name}`" for name in get_args(Calc))
    return (
        "## calculation\n\nHow a series is reduced to one value. `lastNotNull` and `firstNotNull` skip gaps, `last` and `first` "
        "do not; `p90`, `p95` and `p99` are percentiles; `delta` is the sum of all increases, `diff` the last value minus the "
        f"first.\n\n{names}.\n"
    )
