"""Schemas of single values: as few alternatives as possible, and open to ``${{ … }}``.

Editors complete, explain and underline best where a schema has one shape. So ``anyOf`` a number or null
becomes one ``type`` with both, and an expression is one more type with a pattern, not one more alternative.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from dashgen.core.json_values import Json

Schema: TypeAlias = Json

EXPRESSION = r"^\s*\$\{\{[\s\S]*\}\}\s*$"
_EXPRESSION_INSIDE = r"\$\{\{"
_NOTES = ("title", "description", "examples", "default", "deprecated")
_WORDS = {
    "string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "object": "a mapping", "array": "a list",
}  # fmt: skip


def flat(schema: Mapping[str, Any]) -> Schema:
    """The schema with alternatives of different types joined, at any depth, and without null defaults."""
    result = {key: value for key, value in schema.items() if key != "default" or value is not None}
    if isinstance(result.get("items"), dict):
        result["items"] = flat(result["items"])
    if isinstance(result.get("additionalProperties"), dict):
        result["additionalProperties"] = flat(result["additionalProperties"])
    if "properties" in result:
        result["properties"] = {name: flat(value) for name, value in result["properties"].items()}
    if "anyOf" in result:
        notes = {key: result[key] for key in _NOTES if key in result}
        result = _joined([flat(choice) for choice in result["anyOf"]], notes)
    return result


def _joined(choices: list[Schema], notes: Schema) -> Schema:
    """Alternatives as few schemas as can be; the notes of the whole win over those of its parts."""
    alternatives: list[Schema] = []
    for choice in choices:
        for other in alternatives:
            if _join(other, choice):
                break
        else:
            alternatives.append(dict(choice))
    if len(alternatives) == 1:
        return {**alternatives[0], **notes}
    return {**notes, "anyOf": [_bare(choice) for choice in alternatives]}


def _join(into: Schema, choice: Schema) -> bool:
    """Add an alternative to another one, if a value can't mistake the one for the other."""
    if "enum" in into and choice == {"type": "null"}:
        into["enum"] = [*into["enum"], None]
        return True
    if "type" not in into or "type" not in choice or "enum" in into or "enum" in choice:
        return False
    first, second = types_of(into), types_of(choice)
    mine, theirs = ({key for key in schema if key not in (*_NOTES, "type")} for schema in (into, choice))
    mixed_numbers = {"integer", "number"} <= {*first, *second}
    if set(first) & set(second) or mine & theirs or (mixed_numbers and (mine or theirs)):
        return False
    into.update({key: value for key, value in choice.items() if key != "type" and key not in into})
    into["type"] = [*first, *second]
    return True


def _bare(choice: Schema) -> Schema:
    return {key: value for key, value in choice.items() if key not in ("examples", "default")}


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema with ``type`` allows."""
    types = schema["type"]
    return list(types) if isinstance(types, list) else [types]


def open_value(schema: Mapping[str, Any]) -> Schema:
    """The schema for a value that may also be an expression, here and inside."""
    result = dict(schema)
    if isinstance(result.get("items"), dict):
        result["items"] = open_value(result["items"])
    if isinstance(result.get("additionalProperties"), dict):
        result["additionalProperties"] = open_value(result["additionalProperties"])
    if "properties" in result:
        result["properties"] = {name: open_value(value) for name, value in result["properties"].items()}
    if "type" in result:
        _open_type(result)
    elif "enum" in result:
        notes = {key: result.pop(key) for key in _NOTES if key in result}
        return {**notes, "anyOf": [result, {"type": "string", "pattern": EXPRESSION}]}
    elif "anyOf" in result:
        result["anyOf"] = _open_choices(result["anyOf"])
    return result


def _open_type(schema: Schema) -> None:
    types = types_of(schema)
    expected = expected_words(schema)
    if "string" not in types:
        schema["type"] = [*types, "string"]
        schema["pattern"] = EXPRESSION
        schema["patternErrorMessage"] = f"expected {expected}, or an expression ${{{{ … }}}}"
        return
    pattern, longest = schema.get("pattern"), schema.pop("maxLength", None)
    if longest is not None:
        short = rf"^(?=[\s\S]{{0,{longest}}}$)"
        pattern = short + (pattern.removeprefix("^") if pattern else "")
    if pattern:
        schema["pattern"] = f"(?:{pattern})|{_EXPRESSION_INSIDE}"
        schema["patternErrorMessage"] = f"expected {expected}{_for_example(schema.get('examples'))}"


def _open_choices(choices: Sequence[Mapping[str, Any]]) -> list[Schema]:
    """Alternatives and one for expressions, unless one of them takes any text or is an open definition."""
    result = [dict(choice) for choice in choices]
    takes_text = [choice for choice in result if "type" in choice and "string" in types_of(choice)]
    if any("$ref" in choice for choice in result) or any("pattern" not in choice for choice in takes_text):
        return [open_value(choice) if "items" in choice else choice for choice in result]
    for choice in result:
        if "type" in choice:
            _open_type(choice)
            return result
    return [*result, {"type": "string", "pattern": EXPRESSION}]


def expected_words(schema: Mapping[str, Any]) -> str:
    """The type of a value as text."""
    if schema.get("title") and schema.get("type") != "object":
        return str(schema["title"])
    return " or ".join(_WORDS[name] for name in types_of(schema) if name != "null") or "nothing"


def _for_example(examples: Any) -> str:
    shown = [str(example) for example in examples or [] if isinstance(example, str | int | float)]
    return f", for example {', '.join(shown[:3])}" if shown else ""
