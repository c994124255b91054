"""Conditions on which a panel or section is shown, in both forms.

Before: ``{"kind": "ConditionalRenderingGroup", "spec": {"visibility": "show", "condition": "or",
"items": [{"kind": "ConditionalRenderingVariable", "spec": {"variable": "tier", "operator": "equals",
"value": "pro"}}]}}``
After: ``{"visibility": "show", "join": "or", "items": [{"kind": "variable", "variable": "tier",
"operator": "equals", "value": "pro"}]}``
"""

from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.model.visibility_spec import COMPARISONS

KINDS: Final = {
    "ConditionalRenderingVariable": "variable",
    "ConditionalRenderingData": "data",
    "ConditionalRenderingTimeRangeSize": "timeRange",
}
OPERATORS: Final = tuple(COMPARISONS.values())


def shown_when(spec: Json) -> Json:
    """The conditions of a section's or item's spec; empty when it is always shown."""
    group = mapping(mapping(spec.get("conditionalRendering")).get("spec"))
    # Grafana shows what has a group without conditions always.
    items = [item for part in mappings(group.get("items")) if (item := _item(part))]
    if not items:
        return {}
    return {
        "visibility": "hide" if group.get("visibility") == "hide" else "show",
        "join": "or" if group.get("condition") == "or" else "and",
        "items": items,
    }


def _item(part: Json) -> Json:
    kind, spec = KINDS.get(text(part.get("kind"))), mapping(part.get("spec"))
    if kind is None:
        return {}
    if kind == "variable":
        operator = spec.get("operator") if spec.get("operator") in OPERATORS else OPERATORS[0]
        chosen = {"variable": text(spec.get("variable")), "operator": operator}
        return {"kind": kind, **chosen, "value": text(spec.get("value"))}
    value = spec.get("value") is not False if kind == "data" else text(spec.get("value"))
    return {"kind": kind, "value": value}


def condition_group(shown: object) -> Json:
    """The ``conditionalRendering`` of what is shown on conditions; empty when it is always shown."""
    conditions = mapping(shown)
    names = {kind: name for name, kind in KINDS.items()}
    items = [
        {"kind": names[item["kind"]], "spec": {key: item[key] for key in item if key != "kind"}}
        for item in mappings(conditions.get("items"))
        if item.get("kind") in names
    ]
    if not items:
        return {}
    spec = {
        "visibility": "hide" if conditions.get("visibility") == "hide" else "show",
        "condition": "or" if conditions.get("join") == "or" else "and",
        "items": items,
    }
    return {"conditionalRendering": {"kind": "ConditionalRenderingGroup", "spec": spec}}
