"""Tables of keys in Markdown, from JSON Schemas."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from dashgen.model.panel_spec import Calc
from dashgen.project.schema.schema_definitions import PREFIX
from dashgen.project.schema.schema_shapes import EXPRESSION, Schema, types_of

Link = Callable[[str], str]
_WORDS = {"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}
_LONGEST_EXAMPLE = 80
CALCULATION = "calculation"
_CALCULATIONS = frozenset(get_args(Calc))


def key_table(properties: Mapping[str, Schema], required: Sequence[str], link: Link) -> str:
    """A table of keys with their types, defaults and descriptions.

    Args:
        properties: the schema of each key.
        required: the required keys.
        link: returns the Markdown for a reference to a definition.
    """
    lines = ["| key | takes | default | |", "|---|---|---|---|"]
    for key, schema in properties.items():
        default = "**required**" if key in required else _default(schema)
        cells = [f"`{key}`", takes(schema, link), default, _text(schema)]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def takes(schema: Schema, link: Link) -> str:
    """The type of a value in words."""
    if "$ref" in schema:
        return link(schema["$ref"].removeprefix(PREFIX))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema and {*schema["enum"]} - {None} == _CALCULATIONS:
        return link(CALCULATION)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"] if value is not None)
    if "anyOf" in schema:
        parts = [
            takes(part, link)
            for part in schema["anyOf"]
            if part.get("pattern") != EXPRESSION or "type" in part
        ]
        return " or ".join(dict.fromkeys(part for part in parts if part))
    if "type" not in schema:
        return "anything"
    types = types_of(schema)
    type_names = [name for name in types if not (name == "integer" and "number" in types)]
    type_texts = [_type(name, schema, link) for name in type_names]
    return " or ".join(dict.fromkeys(word for word in type_texts if word))


def _type(name: str, schema: Schema, link: Link) -> str:
    if name == "null" or (name == "string" and schema.get("pattern") == EXPRESSION):
        return ""
    if name == "array":
        items = schema.get("items")
        return f"a list of {takes(items, link)}" if items else "a list"
    if name == "object":
        values = schema.get("additionalProperties")
        return f"a map to {takes(values, link)}" if isinstance(values, dict) and values else "a map"
    title = schema.get("title", "")
    return title if title.startswith("a") and name in ("string", "integer", "number") else _WORDS[name]


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default in (None, "", [], {}) else f"`{_shown(default)}`"


def _text(schema: Schema) -> str:
    text = schema.get("description", "")
    examples = [_shown(value) for value in schema.get("examples", [])]
    short = [f"`{value}`" for value in examples if 0 < len(value) <= _LONGEST_EXAMPLE and "`" not in value]
    return f"{text} *Example:* {', '.join(short[:3])}" if short else text


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|").strip()


def escaped_cell(text: str) -> str:
    """The text of a cell: a bar ends one, also within backticks."""
    return text.replace("|", "\\|")
