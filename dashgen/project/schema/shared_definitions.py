"""Last steps: a key's schema is written once where many parts have it, descriptions become Markdown."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashgen.project.schema.schema_definitions import PREFIX
from dashgen.project.schema.schema_shapes import Schema

_WORTH_IT = 150


def share(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions, with each key's schema that several of them have as a definition of its own."""
    uses = Counter(text for _, _, text in _keys(definitions))
    shared: dict[str, str] = {}
    added: dict[str, Schema] = {}
    names: Counter[str] = Counter()
    for key, schema, text in _keys(definitions):
        if uses[text] < 2 or len(text) < _WORTH_IT or text in shared:
            continue
        names[key] += 1
        shared[text] = f"key.{key}" if names[key] == 1 else f"key.{key}.{names[key]}"
        added[shared[text]] = schema
    result = {name: _replaced(definition, shared) for name, definition in definitions.items()}
    return dict(sorted((added | result).items()))


def with_markdown(schema: object) -> Any:
    """The schema with `markdownDescription`, which editors format, beside descriptions that have code."""
    if isinstance(schema, list):
        return [with_markdown(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        result[key] = value if key in ("examples", "default") else with_markdown(value)
        if key == "description" and isinstance(value, str) and "`" in value:
            result["markdownDescription"] = value
    return result


def _keys(definitions: dict[str, Schema]) -> Iterator[tuple[str, Schema, str]]:
    for definition in definitions.values():
        for key, schema in definition.get("properties", {}).items():
            yield key, schema, _text(schema)


def _replaced(definition: Schema, shared: dict[str, str]) -> Schema:
    if "properties" not in definition:
        return definition
    properties = {}
    for key, schema in definition["properties"].items():
        name = shared.get(_text(schema))
        properties[key] = {"$ref": PREFIX + name} if name else schema
    return {**definition, "properties": properties}


def _text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False)
