"""What Grafana 13 refuses of a dashboard at `v2`, `v2beta1` and `v2alpha1`, as far as pushes can meet it.

From Grafana's source: apps/dashboard/pkg/apis/dashboard/v2/validation.go (commit 47b7f7f9) checks the CUE schema
(apps/dashboard/kinds/v2/dashboard_spec.cue, aa4e19e5) and names places as `elements."panel-3".spec.title`; unknown
fields it passes over. Types that a Go struct cannot hold, and with `fieldValidation=Strict` unknown fields of the
dashboard itself, are refused before that, when the request is decoded: an element and a layout decode themselves
(`UnmarshalJSON` of the unions in dashboard_spec_gen.go), so what is unknown in them passes.
"""

from collections.abc import Iterator
from typing import Any

from tests.grafana.fake.classic_to_v2 import HIDES, Json

_TOP = {
    "annotations": list, "cursorSync": str, "description": str, "editable": bool, "elements": dict, "layout": dict,
    "links": list, "liveNow": bool, "preload": bool, "revision": int, "tags": list, "timeSettings": dict, "title": str,
    "variables": list, "preferences": dict,
}  # fmt: skip
V2_KEYS = frozenset(_TOP)
"""The fields of a dashboard at `v2`."""
_GO_TYPES = {str: "string", bool: "bool", int: "uint16", list: "[]string", dict: "map[string]interface {}"}
_JSON_TYPES = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
_LAYOUTS = ("GridLayout", "RowsLayout", "AutoGridLayout", "TabsLayout")
_OPERATORS = ("equals", "notEquals", "matches", "notMatches")


def undecodable(spec: Json, *, strict: bool) -> str:
    """Why a request cannot be decoded; nothing when it can."""
    for key, value in spec.items():
        expected = _TOP.get(key)
        if expected is not None and not _is(value, expected):
            kind = _JSON_TYPES.get(type(value), "null")
            field = f"Dashboard.spec.{key} of type {_GO_TYPES[expected]}"
            return f"json: cannot unmarshal {kind} into Go struct field {field}"
    unknown = [f'unknown field "spec.{key}"' for key in spec if key not in _TOP]
    return f"strict decoding error: {', '.join(unknown)}" if strict and unknown else ""


def v2_complaints(spec: Json) -> list[tuple[str, str]]:
    """What the schema refuses, as places and messages."""
    return [
        *_one_of("cursorSync", spec.get("cursorSync", "Off"), ("Off", "Crosshair", "Tooltip")),
        *(
            c
            for name, element in (spec.get("elements") or {}).items()
            for c in _element(f'elements."{name}"', element)
        ),
        *_layout("layout", spec.get("layout")),
        *(
            c
            for n, variable in enumerate(spec.get("variables") or [])
            for c in _variable(f"variables.{n}", variable)
        ),
    ]


def _element(place: str, element: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(element, dict) or element.get("kind") not in ("Panel", "LibraryPanel"):
        yield f"{place}.kind", "conflicting values"
        return
    if element["kind"] == "LibraryPanel":
        return
    spec = element.get("spec") or {}
    yield from _typed(f"{place}.spec.id", spec.get("id"), "number", int | float)
    for key in ("title", "description"):
        yield from _typed(f"{place}.spec.{key}", spec.get(key), "string", str)
    data = ((spec.get("data") or {}).get("spec")) or {}
    for number, query in enumerate(data.get("queries") or []):
        yield from _typed(
            f"{place}.spec.data.spec.queries.{number}.spec.hidden", query["spec"].get("hidden"), "bool", bool
        )


def _layout(place: str, layout: Any) -> Iterator[tuple[str, str]]:
    kind = layout.get("kind") if isinstance(layout, dict) else None
    if kind is None:
        return
    yield from _one_of(f"{place}.kind", kind, _LAYOUTS)
    inner = layout.get("spec") or {}
    for number, item in enumerate(inner.get("items") or []):
        at = f"{place}.spec.items.{number}.spec"
        if kind == "GridLayout":
            for key in ("x", "y", "width", "height"):
                yield from _typed(f"{at}.{key}", item["spec"].get(key), "int", int)
        yield from _condition(f"{at}.conditionalRendering", item["spec"].get("conditionalRendering"))
    for key in ("rows", "tabs"):
        for number, section in enumerate(inner.get(key) or []):
            at = f"{place}.spec.{key}.{number}.spec"
            yield from _condition(f"{at}.conditionalRendering", section["spec"].get("conditionalRendering"))
            yield from _layout(f"{at}.layout", section["spec"].get("layout"))


def _condition(place: str, group: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(group, dict):
        return
    spec = group.get("spec") or {}
    yield from _one_of(f"{place}.spec.visibility", spec.get("visibility"), ("show", "hide"))
    yield from _one_of(f"{place}.spec.condition", spec.get("condition"), ("and", "or"))
    for number, item in enumerate(spec.get("items") or []):
        if item.get("kind") == "ConditionalRenderingVariable":
            operator = item["spec"].get("operator")
            yield from _one_of(f"{place}.spec.items.{number}.spec.operator", operator, _OPERATORS)


def _variable(place: str, variable: Any) -> Iterator[tuple[str, str]]:
    spec = (variable.get("spec") or {}) if isinstance(variable, dict) else {}
    yield from _typed(f"{place}.spec.name", spec.get("name"), "string", str)
    yield from _one_of(f"{place}.spec.hide", spec.get("hide", "dontHide"), HIDES)


def _is(value: Any, expected: type) -> bool:
    return isinstance(value, expected) and not (expected is int and isinstance(value, bool))


def _typed(place: str, value: Any, name: str, expected: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        kind = {str: "string", bool: "bool", int: "int", float: "float", dict: "struct", list: "list"}
        yield (
            place,
            f"conflicting values {value!r} and {name} (mismatched types {kind.get(type(value), 'null')} and {name})",
        )


def _one_of(place: str, value: Any, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if value not in names:
        yield place, f'conflicting values "{value}" and "{names[0]}"'
