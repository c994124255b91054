"""The keys of one part of the language as a few readable lines, for a terminal."""

from collections.abc import Iterator, Mapping
from functools import cache
from textwrap import shorten

from dashgen.compile.lower.panels import panel_types
from dashgen.model.variable_spec import VARIABLE_TYPES
from dashgen.project.schema.control_keys import CONTROLS
from dashgen.project.schema.json_schema import definitions_of_specs
from dashgen.project.schema.schema_definitions import PREFIX, Definitions
from dashgen.project.schema.schema_shapes import EXPRESSION, Schema, types_of
from dashgen.source.other_words import snake

_TYPE_NAMES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true/false",
    "array": "list",
    "object": "map",
}
_WIDTH = 100


@cache
def _definitions() -> Definitions:
    """The definitions of specs; that some are added to them when keys are looked up changes no outline."""
    return definitions_of_specs()


def outline_names() -> list[str]:
    """The names that `outline` takes."""
    classes = _definitions().models
    return sorted({"panel", "variable", *panel_types(), *VARIABLE_TYPES, *(_kebab(name) for name in classes)})


def outline(name: str) -> str | None:
    """The keys of a panel type, a variable type or another part; None when there is no part of this name."""
    definitions = _definitions()
    plain = _plain(name)
    groups: Mapping[str, Mapping[str, type]] = {"panel": panel_types(), "variable": VARIABLE_TYPES}
    if plain in groups:
        return _overview(plain, groups[plain], definitions)
    class_name = next((model_name for model_name in definitions.models if _plain(model_name) == plain), None)
    if class_name is not None:
        return _keys(class_name, definitions)
    kinds = {**VARIABLE_TYPES, **panel_types()}
    matching_model = next((model for kind, model in kinds.items() if _plain(kind) == plain), None)
    return _keys(matching_model.__name__, definitions) if matching_model else None


def _overview(what: str, kinds: Mapping[str, type], definitions: Definitions) -> str:
    """The types of a part, and the keys that all of them have."""
    first, *others = (definitions.properties(model.__name__) for model in kinds.values())
    common = {key: schema for key, schema in first.items() if all(key in other for other in others)}
    lines = [
        f"types: {', '.join(kinds)}",
        f"`dashgen schema TYPE` lists the keys of one; every {what} has these:",
        "",
    ]
    return "\n".join([*lines, *_lines(common, [])]) + "\n"


def _keys(name: str, definitions: Definitions) -> str:
    notes = definitions.notes(name)
    lines = _lines(definitions.properties(name), definitions.required(name))
    return "\n".join([str(notes["description"]).split("\n\n", maxsplit=1)[0], "", *lines]) + "\n"


def _lines(properties: Mapping[str, Schema], required: list[str]) -> Iterator[str]:
    shown = {key: _takes(schema) for key, schema in properties.items() if key not in CONTROLS}
    wide = max(map(len, shown), default=0)
    for key, takes in shown.items():
        text = str(properties[key].get("description", "")).replace("\n", " ")
        needed = "required; " if key in required else ""
        yield f"{key:<{wide}}  {needed}{takes}  {shorten(text, _WIDTH, placeholder=' …')}".rstrip()


def _takes(schema: Schema) -> str:
    if "$ref" in schema:
        return _kebab(schema["$ref"].removeprefix(PREFIX).split(".")[0])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    if "anyOf" in schema:
        parts = [_takes(part) for part in schema["anyOf"] if part.get("pattern") != EXPRESSION]
        return " or ".join(dict.fromkeys(part for part in parts if part))
    if "type" not in schema:
        return "anything"
    names = [kind for kind in types_of(schema) if kind != "null"]
    if schema.get("pattern") == EXPRESSION and len(names) > 1:
        names = [kind for kind in names if kind != "string"]
    return " or ".join(_TYPE_NAMES[kind] for kind in names if not (kind == "integer" and "number" in names))


def _kebab(name: str) -> str:
    return snake(name).replace("_", "-")


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").replace(" ", "").lower()
