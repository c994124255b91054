"""The JSON Schema (draft 2020-12) that gives completion, hover and red lines in an editor."""

from collections.abc import Mapping

from dashgen.compile.lower.panel_checks import TRANSFORMATIONS
from dashgen.compile.lower.panel_type import PanelType
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.project_documents import COMPONENTS, DASHBOARD, KINDS, MODELS
from dashgen.model.alert_rules import RULE_MODELS
from dashgen.model.base import Spec
from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.panel_spec import Panel
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.model.project_file import Project
from dashgen.model.variable_spec import DEFAULT_VARIABLE_TYPE, VARIABLE_TYPES
from dashgen.project.schema.component_schema import define_components
from dashgen.project.schema.control_keys import controls, overlays
from dashgen.project.schema.schema_definitions import Definitions, model_definitions, ref
from dashgen.project.schema.schema_shapes import Schema
from dashgen.project.schema.shared_definitions import share, with_markdown
from dashgen.project.schema.type_variants import Variants, define_rules

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROJECT = "project"
SCHEMA_KINDS = (*KINDS, PROJECT)
DOCUMENTS: Mapping[str, type[Spec]] = {DASHBOARD: Dashboard, **MODELS}
_KIND = "What the document is."
# What the model leaves untyped, because it is typed by one of its own keys.
_REPLACED: dict[tuple[str, str], Schema] = {
    ("Dashboard", "panels"): {"type": "array", "items": ref("panel"), "default": []},
    ("Dashboard", "variables"): {"type": "array", "items": ref("variable"), "default": []},
    **{
        (name, key): {"type": "array", "items": ref(item), "default": []}
        for name in ("Row", "Tab")
        for key, item in (("panels", "panel"), ("variables", "variable"))
    },
    ("AlertRules", "rules"): {"type": "array", "items": ref("rule")},
}


_NAMES = sorted(TRANSFORMATIONS)
_TRANSFORMATIONS: Schema = {
    "type": "array",
    "default": [],
    "items": {
        "anyOf": [
            {"type": "string", "enum": _NAMES},
            {
                "type": "object",
                "properties": {"id": {"enum": _NAMES}, **{name: {"type": "object"} for name in _NAMES}},
            },
            {"type": "string"},
        ]
    },
}


def editor_schema(kind: str | None = None) -> Schema:
    """The schema of every kind of document, of one kind, or of the project file.

    Args:
        kind: one of `SCHEMA_KINDS`; all but the project file when absent.
    """
    definitions = definitions_of_specs()
    if kind == PROJECT:
        root = project_schema(definitions)
    elif kind is not None:
        root = ref(kind)
    else:
        root = _any_kind()
    whole: Schema = with_markdown({**root, "$defs": share(definitions.reachable(root))})
    return {"$schema": DIALECT, **whole}


def definitions_of_specs() -> Definitions:
    """Every definition that the schema of specs may refer to, before keys are shared."""
    types = panel_types()
    models: list[type[Spec]] = [*DOCUMENTS.values(), *types.values(), PluginPanel]
    models += [*VARIABLE_TYPES.values(), *RULE_MODELS.values()]
    replaced = dict(_REPLACED)
    replaced["Override", "custom"] = _options_of(types)
    panels_of_all_types: list[type[Spec]] = [*types.values(), PluginPanel]
    for model in panels_of_all_types:
        replaced[model.__name__, "transformations"] = _TRANSFORMATIONS
    definitions = Definitions(model_definitions(models), replaced)
    panels = _panels(types)
    panels.define(definitions)
    replaced["PanelDefaults", "panel"] = ref("panel.any")
    replaced["PanelDefaults", "panels"] = {"type": "object", **_by_type(panels, definitions)}
    _variables().define(definitions)
    rules = {key: model.__name__ for key, model in RULE_MODELS.items()}
    define_rules(
        definitions, rules, "A rule: `alert:` fires when a condition holds, `record:` stores a result."
    )
    for kind, model in DOCUMENTS.items():
        _define_document(definitions, kind, model.__name__)
    define_components(definitions)
    return definitions


def _options_of(types: Mapping[str, type[PanelType]]) -> Schema:
    """The options that overrides have, of any panel type, for completion."""
    model_by_option = {
        name: model.field_keys_of or model for model in types.values() for name in model.field_keys
    }
    properties = {
        model: model_definitions([model])[model.__name__]["properties"]
        for model in dict.fromkeys(model_by_option.values())
    }
    described: dict[str, Schema] = {
        name: {"description": properties[model].get(name, {}).get("description", "")}
        for name, model in sorted(model_by_option.items())
    }
    return {"type": "object", "properties": described, "default": {}}


def _panels(types: Mapping[str, type[Panel]]) -> Variants:
    return Variants(
        "panel",
        "A panel. Its `type` decides which keys it has; what is left out is derived.",
        "The panel's type: one of dashgen's, or the id of a plugin, which has a `-`.",
        {kind: model.__name__ for kind, model in sorted(types.items())},
        DEFAULT_PANEL_TYPE,
        PluginPanel.__name__,
    )


def _by_type(panels: Variants, definitions: Definitions) -> Schema:
    """A mapping of panel types to keys of theirs."""
    partials = {kind: panels.partial(definitions, kind) for kind in panels.classes}
    return {"properties": partials, "additionalProperties": panels.partial(definitions, "plugin")}


def _variables() -> Variants:
    return Variants(
        "variable",
        "A template variable, `$name` in queries. Its `type` decides which keys it has.",
        "Where its values come from.",
        {kind: model.__name__ for kind, model in VARIABLE_TYPES.items()},
        DEFAULT_VARIABLE_TYPE,
    )


def _define_document(definitions: Definitions, kind: str, class_name: str) -> None:
    """Add the definition of a kind of document, and of what an environment may change of it."""
    properties, notes = definitions.properties(class_name), definitions.notes(class_name)
    overlay = f"{kind}.overlay"
    definitions.schemas[overlay] = {
        **notes,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    definitions.schemas[kind] = {
        **notes,
        "type": "object",
        "properties": {
            "kind": {"description": _KIND, "const": kind},
            **properties,
            **controls("for_each", "when_env"),
            "overlays": overlays(ref(overlay)),
        },
        "required": ["kind", *definitions.required(class_name)],
        "additionalProperties": False,
    }


def _any_kind() -> Schema:
    branches = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": ref(kind)}
        for kind in KINDS
    ]
    return {
        "title": "dashgen spec",
        "description": "A document of dashgen. `kind` says what it is.",
        "type": "object",
        "properties": {
            "kind": {"description": _KIND, "enum": list(KINDS), "examples": [DASHBOARD, COMPONENTS]}
        },
        "required": ["kind"],
        "allOf": branches,
    }


def project_schema(definitions: Definitions) -> Schema:
    """The project file: plain data, but for the defaults, which become parts of documents."""
    plain = model_definitions([Project])
    defaults = plain["Defaults"]["properties"]
    panels = _panels(panel_types())
    defaults["dashboard"] |= ref("Dashboard.overlay")
    defaults["panel"] |= ref("panel.any")
    defaults["panels"] |= _by_type(panels, definitions)
    defaults["rule"] |= ref("rule.alert.partial")
    for key in ("dashboard", "panel", "rule"):
        defaults[key].pop("type", None)
    definitions.schemas |= {name: plain[name] for name in plain if name != "Project"}
    return {**plain["Project"], "title": "dashgen.yaml"}
