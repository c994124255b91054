"""What a JSON Schema finds in a dashboard, in the words of somebody who edits its JSON.

The specs' own translator is `source.schema_errors`: it knows the author's YAML, and has other hints.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dashgen.check.check_report import Path
from dashgen.check.field_table import described
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import mapping
from dashgen.source.schema_errors import TYPE_NAMES, choices_of, missing_key

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

# JSON's words, where an author of specs reads YAML's.
_TYPES = {**TYPE_NAMES, "object": "an object", "null": "null"}
# What older versions of Grafana, and generators of their time, wrote.
STALE = {
    "rows": "put the panels into `panels`, with a panel of type `row` for each row",
    "span": "give the panel a `gridPos`",
    "height": "give the panel a `gridPos`",
    "minSpan": "use `maxPerRow`",
    "nullPointMode": "use `fieldConfig.defaults.custom.spanNulls`",
    "sharedCrosshair": "use `graphTooltip: 1`",
    "hideControls": "remove it: Grafana has no such setting any more",
    "style": "remove it: the theme is the user's choice",
    "gnetId": "remove it",
    "id": "remove it: only the uid names a dashboard",
    "version": "remove it: Grafana counts versions itself",
    "iteration": "remove it",
    "error": "remove it",
    "editable": "remove it: only a dashboard can be editable",
    "renderer": "remove it",
    "intervalFactor": "use `interval` as the shortest step",
    "step": "use `interval` as the shortest step",
    "displayMode": "use `cellOptions: {type: …}`",
    "fieldOptions": "use `reduceOptions`, and `fieldConfig.defaults`",
    "time_options": "remove it",
    "tagsQuery": "remove it",
    "tagValuesQuery": "remove it",
    "useTags": "remove it",
    "__inputs": "write the uid of a data source where the input is used",
    "__requires": "remove it",
    "__elements": "remove it",
}


class SchemaFinding(Struct, frozen=True):
    """One thing that is wrong, at a path; ``at_key`` when the key and not its value is meant.

    ``key`` is the key that is missing.
    """

    slug: str
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    key: str = ""


def findings(errors: "Iterable[ValidationError]", what: str) -> Iterator[SchemaFinding]:
    """Translate validation errors; ``what`` names the thing that was checked."""
    for error in errors:
        if error.instance is not None or error.validator == "required":
            yield from _translate(error, what)


def _translate(error: "ValidationError", what: str) -> Iterator[SchemaFinding]:
    path: Path = tuple(error.absolute_path)
    where = f"{dotted(path)} of {what}" if path else what
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        properties = schema.get("properties", {})
        for key, value in mapping(error.instance).items():
            # What is null is reported as that.
            if key not in properties and value is not None:
                hint = STALE.get(key) or nearest(key, properties)
                yield SchemaFinding(
                    "unknown-key", (*path, key), f"unknown key `{key}` in {where}", hint, at_key=True
                )
    elif error.validator == "required":
        key = missing_key(error)
        message = f"`{key}` is missing in {where}"
        yield SchemaFinding("missing-key", path, message, f"add `{key}`", key=key)
    else:
        yield _value(error, path, where)


def _value(error: "ValidationError", path: Path, where: str) -> SchemaFinding:
    value: Any = error.instance
    bound: Any = error.validator_value
    shown = shortened(value)
    if error.validator == "type":
        expected = expected_types(bound)
        return SchemaFinding("wrong-type", path, f"expected {expected} for {where}, got {described(value)}")
    if error.validator in ("enum", "const"):
        hint = nearest(str(value), choices_of(error))
        return SchemaFinding("unknown-value", path, f"{shown} is not a value of {where}", hint)
    if error.validator == "anyOf":
        return _alternatives(error, path, where)
    limits = {"minimum": "at least", "maximum": "at most"}
    if error.validator in limits:
        message = f"{shown} is out of range for {where}"
        return SchemaFinding("out-of-range", path, message, f"use {limits[error.validator]} {bound}")
    if error.validator in ("minLength", "minItems"):
        return SchemaFinding("empty", path, f"{where} is empty", "fill it in")
    return SchemaFinding("unknown-value", path, f"{shown} is not a value of {where}")


def _alternatives(error: "ValidationError", path: Path, where: str) -> SchemaFinding:
    causes: list[Any] = list(error.context or ())
    if causes and all(cause.validator == "required" for cause in causes):
        keys = sorted({key for cause in causes for key in cause.validator_value})
        listed = " or ".join(f"`{key}`" for key in keys)
        return SchemaFinding("missing-key", path, f"{listed} is missing in {where}", f"add {listed}")
    types = [str(cause.validator_value) for cause in causes if cause.validator == "type" and not cause.path]
    if types and len(types) == len(causes):
        expected = " or ".join(expected_types(t) for t in types)
        message = f"expected {expected} for {where}, got {described(error.instance)}"
        return SchemaFinding("wrong-type", path, message)
    choices = [choice for cause in causes if cause.validator == "enum" for choice in choices_of(cause)]
    message = f"{shortened(error.instance)} is not a value of {where}"
    return SchemaFinding("unknown-value", path, message, nearest(str(error.instance), choices))


def expected_types(types: Any) -> str:
    """The types that a schema wants, in words."""
    names = types if isinstance(types, list) else [types]
    return " or ".join(_TYPES.get(name, str(name)) for name in names)


def dotted(path: Path) -> str:
    """A path as people write it: ``options.legend.calcs[0]``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{text.removeprefix('.')}`"


def shortened(value: object, limit: int = 60) -> str:
    """A value between backticks, cut when it is long."""
    text = value if isinstance(value, str) else repr(value)
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"
