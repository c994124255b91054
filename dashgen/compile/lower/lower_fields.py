"""Field options: colours, thresholds, value mappings and the other defaults of fields."""

import re
from collections.abc import Mapping as Map
from typing import Any

from dashgen.compile.lower.lower_links import LinkScope, data_links
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.colors import SCHEMES
from dashgen.model.panel_spec import FieldOptions, Gradient, Mapping
from dashgen.model.settled_dashboard import Step, Thresholds

SPECIAL = frozenset({"null", "nan", "empty", "true", "false", "null+nan"})
_PATTERN = lazy_pattern(r"/(.+)/(?:g?i?m?y?s?)", re.DOTALL)
_RANGE = lazy_pattern(r"(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?")


def color(text: str | Gradient) -> Json:
    """A scheme by its id, a gradient of two colours, else a fixed colour."""
    if isinstance(text, Gradient):
        return {"mode": "gradient", "fixedColor": text.start, "gradientColorTo": text.end}
    return {"mode": text} if text in SCHEMES else {"mode": "fixed", "fixedColor": text}


def thresholds(settled: Thresholds | None, neutral: str) -> list[Json]:
    """Threshold steps; without any there is only a neutral base, because Grafana would add a red one at 80.

    They are plain, as grafanalib's bar chart has them: its class `Threshold` knows fractions only and no
    null.
    """
    if settled is None or not settled.steps:
        return [{"color": neutral, "value": None}]
    return [threshold_step(step) for step in settled.steps]


def threshold_step(step: Step) -> Json:
    """A step as today's JSON; the base has no value."""
    if step.expression:
        return {"color": step.color, "value": step.value, "valueExpr": step.expression}
    return {"color": step.color, "value": step.value}


def number(text: str) -> int | float:
    """A number of a mapping's range."""
    return float(text) if "." in text else int(text)


def parse_range(text: str) -> dict[str, int | float] | None:
    """The bounds of a range such as ``0..5``, ``..5`` or ``5..``; an open end has no bound."""
    match = _RANGE.fullmatch(text)
    if match is None or text == "..":
        return None
    low, high = match.groups()
    bounds = {"from": low, "to": high}
    return {name: number(bound) for name, bound in bounds.items() if bound is not None}


def pattern_of(key: str) -> str | None:
    """The regular expression of a key such as ``/err.*/i``; None when the key is no pattern.

    Source: ``stringToJsRegex`` of @grafana/data 12.4.3 (text/string.ts).
    """
    match = _PATTERN.fullmatch(key)
    return match[1] if match else None


def _result(shown: str | Mapping, index: int) -> Json:
    if isinstance(shown, str):
        return {"text": shown, "index": index}
    properties = (("text", shown.text), ("color", shown.color), ("icon", shown.icon))
    return {"index": index, **{key: value for key, value in properties if value is not None}}


def mappings(spec: Map[str, str | Mapping] | None) -> list[Json]:
    """Grafana's value mappings: one for all single values, one for each range, pattern and special value."""
    if not spec:
        return []
    values: Json = {}
    others: list[Json] = []
    for index, (key, shown) in enumerate(spec.items()):
        result = _result(shown, index)
        if key in SPECIAL:
            others.append({"type": "special", "options": {"match": key, "result": result}})
        elif pattern_of(key) is not None:
            others.append({"type": "regex", "options": {"pattern": key, "result": result}})
        elif (bounds := parse_range(key)) is not None:
            others.append({"type": "range", "options": {**bounds, "result": result}})
        else:
            values[key] = result
    return [{"type": "value", "options": values}, *others] if values else others


def more_defaults(options: FieldOptions, links: list[Any], scope: LinkScope) -> Json:
    """The field defaults that no panel class of grafanalib has an argument for."""
    defaults: Json = {}
    if options.display_name is not None:
        defaults["displayName"] = options.display_name
    if options.no_value is not None:
        defaults["noValue"] = options.no_value
    if links:
        defaults["links"] = data_links(links, scope)
    return defaults


def all_defaults(options: FieldOptions, unit: str | None, links: list[Any], scope: LinkScope) -> Json:
    """Every field default of the spec."""
    defaults = more_defaults(options, links, scope)
    if unit is not None:
        defaults["unit"] = unit
    if options.decimals is not None:
        defaults["decimals"] = options.decimals
    if options.min is not None:
        defaults["min"] = options.min
    if options.max is not None:
        defaults["max"] = options.max
    if options.mappings:
        defaults["mappings"] = mappings(options.mappings)
    return defaults
