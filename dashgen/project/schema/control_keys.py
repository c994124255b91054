"""Keys that are resolved before the model sees a document: components, loops, environments."""

from dashgen.core.json_values import Json
from dashgen.project.schema.schema_shapes import EXPRESSION, Schema

LOOP = ("for_each", "when_env")
USE = ("use", "with")

CONTROLS: dict[str, Schema] = {
    "use": {
        "title": "a component",
        "description": (
            "The component that this is made from. Keys beside it are merged over the component's."
        ),
        "type": "string",
        "minLength": 1,
        "examples": ["my-component", "std/slo"],
    },
    "with": {
        "description": "The component's parameters.",
        "type": ["object", "string"],
        "pattern": EXPRESSION,
        "patternErrorMessage": "expected a mapping of parameters to values",
        "examples": [{"title": "Orders", "query": "sum(increase(orders_total[1h]))"}],
    },
    "for_each": {
        "description": (
            "One of these for each value. A list gives `${{ item }}`; names with a list each give `${{ name }}`, "
            "and several names every combination; a mapping's entries have `key` and `value`. Panels of one title "
            "become one panel with the queries of all."
        ),
        "type": ["object", "array", "string"],
        "additionalProperties": {
            "type": ["array", "object", "string"],
            "pattern": EXPRESSION,
            "patternErrorMessage": "expected a list, a mapping, or an expression ${{ … }}",
        },
        "minProperties": 1,
        "pattern": EXPRESSION,
        "patternErrorMessage": "expected a list, names with a list each, or an expression ${{ … }}",
        "examples": [{"tier": ["free", "pro"]}, ["free", "pro"]],
    },
    "when_env": {
        "description": (
            "Only in this environment, or in one of these; environments are defined in dashgen.yaml."
        ),
        "type": ["string", "array"],
        "items": {"type": "string"},
        "examples": ["prod", ["staging", "prod"]],
    },
}  # fmt: skip


def controls(*names: str) -> dict[str, Schema]:
    """The named control keys, described."""
    return {name: CONTROLS[name] for name in names}


def overlays(content: Schema) -> Schema:
    """The key ``overlays`` of a document whose other keys have the schema ``content``."""
    return {
        "description": (
            "What differs in an environment: keys that are merged over the document's own, by environment."
        ),
        "type": "object",
        "additionalProperties": content,
        "examples": [{"prod": {"refresh": "1m"}}],
    }


def open_mapping(properties: Json, required: list[str], notes: Schema) -> Schema:
    """The schema of a mapping with these keys and no others, or of an expression that gives one."""
    return {
        **notes,
        "type": ["object", "string"],
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
        "pattern": EXPRESSION,
        "patternErrorMessage": "expected a mapping, or an expression ${{ … }}",
    }
