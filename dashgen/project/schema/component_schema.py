"""The schema of `Components` documents, whose bodies are read when they are used."""

from dashgen.project.schema.control_keys import controls
from dashgen.project.schema.schema_definitions import Definitions, ref
from dashgen.project.schema.schema_shapes import Schema
from dashgen.source.components import ITEM_KINDS, RULE_GROUPS

_TYPES = ("string", "number", "integer", "boolean", "list", "map", "any")
_PARAMETER: Schema = {
    "title": "parameter",
    "description": (
        "A parameter: the name of its type, or more about it. Without a default every use has to give it."
    ),
    "type": ["string", "object"],
    "pattern": f"^(?:{'|'.join(_TYPES)})$",
    "patternErrorMessage": f"expected one of {', '.join(_TYPES)}",
    "examples": ["string", {"type": "string", "default": "1h", "one_of": ["15m", "1h", "1d"]}],
    "properties": {
        "type": {"description": "What its values are.", "enum": list(_TYPES), "default": "any"},
        "default": {
            "description": "Its value when a use gives none; the parameter is required when absent.",
            "examples": ["1h"],
        },
        "description": {"description": "What it is for.", "type": "string", "examples": ["The heading."]},
        "one_of": {
            "description": "The values it may have.",
            "type": "array",
            "items": {},
            "examples": [["15m", "1h", "1d"]],
        },
    },
    "additionalProperties": False,
}
_EXAMPLES: dict[str, Schema] = {
    "panel": {"type": "stat", "title": "${{ title }}", "query": "${{ query }}"},
    "row": {"title": "${{ title }}", "panels": []},
    "tab": {"title": "${{ title }}", "rows": []},
    "query": {"query": "sum(rate(${{ metric }}[$__rate_interval]))"},
    "rule": {"alert": "${{ name }}", "query": "${{ query }}", "when": "above 10%"},
    "variable": {"name": "tier", "query": "label_values(app_queries_total, tier)"},
    "annotation": {"name": "Deploys", "query": "changes(app_info[1m]) > 0"},
    "link": {"title": "Runbook", "url": "https://wiki.example.com/${{ page }}"},
    "section": {"title": "${{ title }}", "figures": []},
    "figure": {"title": "${{ title }}", "query": "sum(increase(${{ metric }}[$__range]))"},
    "table": {"title": "${{ title }}", "query": "topk(10, ${{ query }})"},
    "chart": {"panel": "${{ dashboard }}/query-rate"},
}
# Classes of bodies without a key that only they have.
_CLASSES = {
    "row": "Row",
    "tab": "Tab",
    "query": "Query",
    "annotation": "DashboardAnnotation",
    "link": ("DashboardLink", "Link"),
    "section": "ReportSection",
    "figure": "ReportFigure",
    "table": "ReportTable",
    "chart": "ReportChart",
}


def define_components(definitions: Definitions) -> None:
    """Add the definition of a `Components` document."""
    definitions.schemas["parameter"] = _PARAMETER
    definitions.schemas["component"] = _component(definitions)
    definitions.schemas["Components"] = {
        "title": "components",
        "description": (
            "Parts of specs with typed parameters, defined once and used by name with `use:` and `with:`."
        ),
        "type": "object",
        "properties": {
            "kind": {"description": "What the document is.", "const": "Components"},
            "components": {
                "description": "Components by name.",
                "type": "object",
                "additionalProperties": ref("component"),
                "examples": [{"kpi": {"params": {"title": "string"}, "panel": _EXAMPLES["panel"]}}],
            },
        },
        "required": ["kind", "components"],
        "additionalProperties": False,
    }


def _component(definitions: Definitions) -> Schema:
    properties: dict[str, Schema] = {
        "description": {"description": "What it is for.", "type": "string", "examples": ["A key figure."]},
        "params": {
            "description": (
                "Its parameters: names and types. In the body `${{ name }}` is a parameter's value."
            ),
            "type": "object",
            "additionalProperties": ref("parameter"),
            "examples": [{"title": "string", "window": {"type": "string", "default": "1h"}}],
        },
    }
    properties["vars"] = {
        "description": "What is computed from the parameters; in the body `${{ name }}` is its value.",
        "type": "object",
        "examples": [{"seconds": "${{ days * 86400 }}"}],
    }
    for several, one in ITEM_KINDS.items():
        body = _body(definitions, one)
        properties[one] = {
            "description": f"The body: what `use` stands for in a list of {several}.",
            "examples": [_EXAMPLES[one]],
            **body,
        }
        properties[several] = {
            "description": f"The body: several {several}, which all stand where `use` stands.",
            "examples": [[_EXAMPLES[one]]],
            "type": "array",
            "items": body,
        }
    bodies: list[Schema] = [{"required": [name]} for pair in ITEM_KINDS.items() for name in pair]
    properties[RULE_GROUPS] = {
        "description": (
            "Groups of rules that follow each use of the component, into groups of these names. They are in "
            "the dashboard's folder unless they name one."
        ),
        "type": "array",
        "items": _rule_group(definitions),
        "examples": [[{"group": "${{ name }}", "rules": [{"record": "${{ name }}:rate5m", "query": "…"}]}]],
    }
    properties["examples"] = {
        "description": "Example uses, for the component's page.",
        "type": "array",
        "items": {"type": "object"},
        "examples": [[{"title": "Orders", "with": {"title": "Orders"}}]],
    }
    return {
        "title": "component",
        "description": "A part of a spec with typed parameters. It has one body, or groups of rules, or both.",
        "type": "object",
        "properties": properties,
        "oneOf": [*bodies, {"required": [RULE_GROUPS], "not": {"anyOf": bodies}}],
        "additionalProperties": False,
    }


def _rule_group(definitions: Definitions) -> Schema:
    """The schema of a group of rules in a component: a document of rules without its kind."""
    name = "rule_group"
    if name not in definitions.schemas:
        keys = controls("use", "with", "for_each", "when_env")
        plain = definitions.struct("AlertRules", required=False)
        definitions.schemas[name] = {**plain, "properties": {**plain["properties"], **keys}}
    return ref(name)


def _body(definitions: Definitions, kind: str) -> Schema:
    """The schema of a body: what it lacks may come from its use."""
    classes = _CLASSES.get(kind)
    if classes is None:
        return ref(f"{kind}.body")
    name = f"{kind}.body"
    if name not in definitions.schemas:
        properties: dict[str, Schema] = {}
        for class_name in [classes] if isinstance(classes, str) else classes:
            properties = {**definitions.properties(class_name), **properties}
        plain = definitions.struct(classes if isinstance(classes, str) else classes[0], required=False)
        keys = controls("use", "with", "for_each", "when_env")
        definitions.schemas[name] = {**plain, "properties": {**properties, **keys}}
    return ref(name)
