"""The normal form of what only schema v2 has: conditions, layouts, sections' variables, subtitles.

Source of the defaults: ``apps/dashboard/kinds/v2/dashboard_spec.cue`` of Grafana 13.3.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.normal.normal_annotations import normal_annotation
from dashgen.formats.normal.normal_variables import normal_variable
from dashgen.formats.normal.plain_values import without_defaults, without_empty
from dashgen.formats.v2.auto_grid import AUTO_LAYOUT

_DEFAULTS: Final[Json] = {"kind": "row", "level": 0, "hideHeader": False, "fillScreen": False}
_AUTO: Final = "auto"
_LAYOUT: Final[Json] = {key: value for key, value in AUTO_LAYOUT.items() if key != "kind"}


def normal_dynamic(dynamic: Mapping[str, Any]) -> Json:
    """What schema v2 adds to a dashboard, a section or a panel, without defaults; empty for nothing."""
    # The name of an element ties a panel to its place inside of one file, and nothing else refers to it.
    normal: Json = {key: value for key, value in dynamic.items() if key != "element"}
    normal["layout"] = _layout(mapping(dynamic.get("layout")))
    normal["showWhen"] = normal_condition(mapping(dynamic.get("showWhen")))
    normal["annotations"] = [normal_annotation(item) for item in mappings(dynamic.get("annotations"))]
    normal["variables"] = [normal_variable(variable) for variable in mappings(dynamic.get("variables"))]
    normal_form: Json = without_empty(without_defaults(normal, _DEFAULTS))
    return normal_form


def is_auto(dynamic: Mapping[str, Any]) -> bool:
    """Whether the panels of a section or dashboard arrange themselves."""
    return mapping(dynamic.get("layout")).get("kind") == _AUTO


def _layout(layout: Json) -> Json:
    return without_defaults(layout, _LAYOUT) if layout.get("kind") == _AUTO else {}


def normal_condition(condition: Mapping[str, Any]) -> Json:
    """A condition under which something is shown; a group of conditions has no order."""
    items = sorted(
        mappings(condition.get("items")), key=lambda item: json.dumps(item, sort_keys=True, default=str)
    )
    if not items:
        return {}
    normal: Json = {"items": items}
    if text(condition.get("visibility")) == "hide":
        normal["visibility"] = "hide"
    if text(condition.get("join")) == "or" and len(items) > 1:
        normal["join"] = "or"
    return normal
