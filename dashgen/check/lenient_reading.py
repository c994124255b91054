"""Faults of a dashboard at schemaVersion 42 whoever wrote it: Grafana repairs nothing in those any more.

Other writers have keys that dashgen never writes, leave out what has a default, and keep leftovers of older
versions; Grafana ignores all of that. The faults are values that it cannot use, and keys that are
misspellings of its own.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any, Final

import jsonschema_rs

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.dashboard_schema import TARGETS, dashboard_schema, one_panel_schema
from dashgen.check.dashboard_shape import add_findings, panel_words, schema_findings
from dashgen.check.schema_messages import STALE, SchemaFinding
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import Json, mapping, without_nulls
from dashgen.formats.json_shapes import names
from dashgen.formats.panel_options import PANEL_TABLE
from dashgen.formats.panel_tree import located_panels

_KEPT: Final = frozenset({"type", "name", "matcher", "properties", "pattern", "result", "libraryPanel"})
"""Keys without which Grafana can do nothing; all others have a default."""
_ID_NEEDED: Final = frozenset({"value", "options"})
_HARMLESS: Final = frozenset(
    names(
        "id uid version iteration gnetId intervalMs style rows meta revision scopedVars snapshot refId",
        "decimals align displayMode legendValue orientation showValue text values fields labels sortBy",
        "sort max min mode tooltips",
    )
)
"""Keys that other programs and older versions write beside similar ones; none of them is a misspelling."""
_TEXTS: Final = frozenset(
    {"unit", "url", "expr", "legendFormat", "interval", "timeFrom", "timeShift", "repeat"}
)
"""Texts that Grafana takes apart: with a number there the panel shows an error instead of data."""
_CLOSE: Final = 0.85
_MOST_PANELS: Final = 500


def lenient(shape: object) -> Any:
    """A schema with open objects and hardly any required keys, as other writers need it."""
    if isinstance(shape, list):
        return [lenient(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    if shape.get("type") == "string" and len(shape) == 1:
        return {"type": ["string", "number", "boolean"]}
    if _is_setting_name(shape):
        return {"anyOf": [shape, {"type": "string", "pattern": r"^custom\."}]}
    result: Json = {}
    for key, value in shape.items():
        if key == "if":
            result[key] = value
        elif key == "required":
            result[key] = _required(value, mapping(shape.get("properties")))
        elif key == "properties":
            result[key] = {name: _property(name, item) for name, item in value.items()}
        elif key not in {"minItems", "minLength"} and not (key == "additionalProperties" and value is False):
            result[key] = lenient(value)
    return result


def _is_setting_name(shape: Json) -> bool:
    """Whether a schema lists the settings of an override.

    Grafana ignores custom ones that its panel lacks.
    """
    return "displayNameFromDS" in shape.get("enum", ())


def _required(keys: list[str], properties: Mapping[str, Any]) -> list[str]:
    if "gridPos" in keys or "collapsed" in keys:
        return ["type"] if "type" in keys else []
    # A property of an override, a matcher and a transformation are nothing without their id.
    kept_keys = _KEPT | ({"id"} if _ID_NEEDED & set(properties) else set())
    return [key for key in keys if key in kept_keys]


def _property(name: str, shape: object) -> Any:
    if name in {"datasource", "current", "defaultValue"}:
        return {}  # a name of older versions, and what the last user chose
    if name in _TEXTS and mapping(shape).get("type") == "string":
        return shape
    if name in {"min", "max"} and mapping(shape).get("type") == "number":
        return {"type": ["number", "string"]}
    if name == "options" and mapping(mapping(shape).get("items")).get("properties", {}).keys() >= {
        "selected"
    }:
        return {}
    return lenient(shape)


class LenientShape:
    """The lenient schemas, each compiled when it is needed first."""

    def __init__(self) -> None:
        self._panels: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check(self, report: Report, base: Path, data: Json, severity: Severity) -> None:
        """Report values that Grafana cannot use, and misspelt keys.

        Args:
            report: where findings go.
            base: the path of the dashboard in its file.
            data: the dashboard.
            severity: how bad they are.
        """
        plain = without_nulls(data)
        head = {key: value for key, value in plain.items() if key != "schemaVersion"}
        head["panels"] = []
        if not self._head.is_valid(head):
            add_findings(report, base, schema_findings(_head_schema(), head, "the dashboard"), severity)
        add_findings(report, base, _misspelt(head, _strict_head(), (), "the dashboard"), severity)
        explained = 0
        for path, panel in located_panels(plain.get("panels")):
            if (panel_findings := self._panel_findings(panel)) and explained < _MOST_PANELS:
                explained += 1
                add_findings(report, (*base, *path), panel_findings, severity)

    def _panel_findings(self, panel: Json) -> list[SchemaFinding]:
        kind = text_of(panel.get("type"))
        name = kind if kind in PANEL_TABLE or kind == "row" else ""
        if name not in self._panels:
            self._panels[name] = jsonschema_rs.Draft202012Validator(_panel_schema(name))
        alone = {**panel, "panels": []} if panel.get("panels") else panel
        panel_findings: list[SchemaFinding] = []
        if not self._panels[name].is_valid(alone):
            panel_findings += schema_findings(_panel_schema(name), alone, panel_words(panel))
        panel_findings += _misspelt(alone, _strict_panel(name), (), panel_words(panel))
        for index, target in entries(panel.get("targets")):
            source = mapping(target.get("datasource")) or mapping(panel.get("datasource"))
            shape = TARGETS.get(text_of(source.get("type")))
            panel_findings += _misspelt(target, shape, ("targets", index), panel_words(panel))
        return panel_findings

    @cached_property
    def _head(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(_head_schema())


@lru_cache(maxsize=1)
def lenient_shape() -> LenientShape:
    """The lenient schemas with Grafana's own panel types."""
    return LenientShape()


@lru_cache(maxsize=1)
def _head_schema() -> Json:
    head: Json = lenient(dashboard_schema({}))
    return {**head, "required": []}


@lru_cache(maxsize=64)
def _panel_schema(kind: str) -> Json:
    panel_schema: Json = lenient(one_panel_schema(kind))
    if kind == "row":
        # Grafana draws a row over the whole width, whatever its `gridPos` is.
        panel_schema["$defs"]["panel-row"]["properties"]["gridPos"] = {"type": "object"}
    return panel_schema


@lru_cache(maxsize=1)
def _strict_head() -> Json:
    return dashboard_schema({})


@lru_cache(maxsize=64)
def _strict_panel(kind: str) -> Json:
    schema = one_panel_schema(kind)
    name = f"panel-{kind}" if kind and f"panel-{kind}" in schema["$defs"] else "panel-of-any-type"
    definition: Json = schema["$defs"][name]
    return definition


def _misspelt(data: Any, shape: Any, path: Path, what: str) -> Iterator[SchemaFinding]:
    """Unknown keys that are spelt nearly as a key that is absent."""
    properties = mapping(mapping(shape).get("properties"))
    if isinstance(data, list) and isinstance(mapping(shape).get("items"), dict):
        for index, item in enumerate(data):
            yield from _misspelt(item, shape["items"], (*path, index), what)
    if not isinstance(data, dict) or not properties:
        return
    for key, value in data.items():
        if key in properties:
            yield from _misspelt(value, properties[key], (*path, key), what)
        elif shape.get("additionalProperties") is False and isinstance(key, str):
            if key in STALE or key in _HARMLESS or len(key) < 4:
                continue
            absent = [name for name in properties if name not in data]
            if close := get_close_matches(key, absent, n=1, cutoff=_CLOSE):
                message, hint = f"unknown key `{key}` in {what}", f"did you mean `{close[0]}`?"
                yield SchemaFinding("unknown-key", (*path, key), message, hint, at_key=True)
