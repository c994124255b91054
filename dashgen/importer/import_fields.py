"""Read field options that have a form of their own in specs: colours, thresholds, mappings, links.

Each reader lowers what it read and compares: only keys that build to the very JSON are returned.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from dashgen.compile.lower.lower_fields import SPECIAL
from dashgen.compile.lower.lower_fields import mappings as lowered_mappings
from dashgen.compile.lower.lower_links import LinkScope, data_links
from dashgen.compile.lower.lower_overrides import thresholds as lowered_thresholds
from dashgen.core.json_values import ABSENT, Json, mapping, mappings, same, text
from dashgen.model.colors import SCHEMES
from dashgen.model.panel_spec import Link, Mapping, ThresholdValue

_ARGUMENTS = {
    "${__url_time_range}": "time", "$__url_time_range": "time", "${__all_variables}": "variables",
    "$__all_variables": "variables",
}  # fmt: skip
_MOST = 60
_EXPLORE = "/explore?schemaVersion=1&panes="


def color(value: object) -> Any:
    """A colour or a scheme, or `ABSENT` when neither says all of it.

    Before: ``{"mode": "fixed", "fixedColor": "red"}``
    After: ``red``
    """
    options = mapping(value)
    mode = text(options.get("mode"))
    if set(options) == {"mode"} and mode in SCHEMES:
        return mode
    fixed = text(options.get("fixedColor"))
    ends = {"start": fixed, "end": text(options.get("gradientColorTo"))}
    if (
        set(options) == {"mode", "fixedColor", "gradientColorTo"}
        and mode == "gradient"
        and all(ends.values())
    ):
        return ends
    if set(options) == {"mode", "fixedColor"} and mode == "fixed" and fixed and fixed not in SCHEMES:
        return fixed
    return ABSENT


def thresholds(value: object) -> Any:
    """Colours and the values from which they hold, or `ABSENT` when those do not say all of it.

    Before: ``{"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red",
    "value": 80}]}``
    After: ``{"green": 0, "red": 80}``
    """
    steps = mappings(mapping(value).get("steps"))
    colors = [step.get("color") for step in steps]
    is_unfit = "mode" in colors or not all(isinstance(c, str) for c in colors)
    if not steps or is_unfit or len(set(colors)) < len(colors):
        return ABSENT
    values = [step.get("value") for step in steps]
    if values[0] is None and all(isinstance(v, int | float) and v > 0 for v in values[1:]):
        values[0] = 0  # the lowest is the base whatever its value, and 0 reads better than null
    thresholds_of: Json = {"mode": "percentage"} if mapping(value).get("mode") == "percentage" else {}
    by_variable = [text(step.get("valueExpr")) for step in steps]
    thresholds_of |= {
        str(c): {"value": name, "fallback": v} if name else v
        for c, v, name in zip(colors, values, by_variable, strict=True)
    }
    read = {c: ThresholdValue(**v) if isinstance(v, dict) else v for c, v in thresholds_of.items()}
    try:
        exact = same(lowered_thresholds(read), value)
    except (TypeError, ValueError):
        return ABSENT
    return thresholds_of if exact else ABSENT


def legend_sort(legend: object) -> Any:
    """The column that a legend is sorted by, or `ABSENT` when that does not say all of it.

    Before: ``{"sortBy": "Max", "sortDesc": true}``
    After: ``-Max``
    """
    options = mapping(legend)
    name, falling = text(options.get("sortBy")), options.get("sortDesc")
    if not name or name.startswith("-") or not isinstance(falling, bool):
        return ABSENT
    return f"-{name}" if falling else name


def value_mappings(value: object) -> Any:
    """The texts that are shown instead of values, or `ABSENT` when those do not say all of it.

    Before: ``[{"type": "value", "options": {"0": {"text": "down", "color": "red", "index": 0}}}]``
    After: ``{"0": {"text": "down", "color": "red"}}``
    """
    entries: list[tuple[int, str, Any]] = []
    for item in mappings(value):
        entries += _entries(text(item.get("type")), mapping(item.get("options")))
    # In the order of their numbers, which is the order in which Grafana tries them.
    entries.sort(key=lambda entry: entry[0])
    texts: Json = {key: shown for _, key, shown in entries}
    if len(texts) != len(entries) or len(entries) > _MOST * _MOST:
        return ABSENT
    spec_mappings = {
        key: shown if isinstance(shown, str) else Mapping(**shown) for key, shown in texts.items()
    }
    try:
        return texts if same(lowered_mappings(spec_mappings), value) else ABSENT
    except (TypeError, ValueError):
        return ABSENT


READERS: dict[str, Callable[[Any], Any]] = {
    "color": color,
    "thresholds": thresholds,
    "mappings": value_mappings,
}
"""The readers by field option, which has the same name in specs."""


def _entries(kind: str, options: Json) -> list[tuple[int, str, Any]]:
    if kind == "value":
        return [_entry(key, mapping(result)) for key, result in options.items()]
    result = mapping(options.get("result"))
    if kind == "regex":
        return [_entry(text(options.get("pattern")), result)]
    if kind == "special" and text(options.get("match")) in SPECIAL:
        return [_entry(options["match"], result)]
    if kind == "range":
        bounds = ["" if options.get(k) is None else f"{options[k]}" for k in ("from", "to")]
        return [_entry("..".join(bounds), result)]
    return [(0, "", {})]


def _entry(key: str, result: Json) -> tuple[int, str, Any]:
    # In the order of people, whatever the order of the JSON.
    shown = {key: result[key] for key in ("text", "color", "icon") if isinstance(result.get(key), str)}
    index = result.get("index", 0)
    return index if isinstance(index, int) else 0, key, shown["text"] if set(shown) == {"text"} else shown


def links(value: object, scope: LinkScope) -> Any:
    """The keys of links, or `ABSENT` when those do not say all of them."""
    spec_links = [_link(item, scope) for item in mappings(value)]
    exact = same(data_links([Link(**keys) for keys in spec_links], scope), value)
    return spec_links if exact else ABSENT


def _link(item: Json, scope: LinkScope) -> Json:
    url = text(item.get("url"))
    aim = _dashboard(url, scope) or _explore(url, scope) or {"url": url}
    keys: Json = {"title": text(item.get("title")), **aim}
    for key, word in (("targetBlank", "new_tab"), ("oneClick", "one_click")):
        if item.get(key) is True:
            keys[word] = True
    return keys


def _explore(url: str, scope: LinkScope) -> Json:
    """A link into Explore by its query, when its address has nothing that such a link cannot have."""
    if not url.startswith(_EXPLORE):
        return {}
    try:
        pane = mapping(mapping(json.loads(unquote(url.removeprefix(_EXPLORE)))).get("a"))
    except (ValueError, RecursionError):
        return {}
    query = next(iter(mappings(pane.get("queries"))), {})
    uid = text(mapping(query.get("datasource")).get("uid"))
    alias = next((alias for alias, ref in scope.datasources.items() if ref.uid == uid), uid)
    keys: Json = {"explore": alias, "query": text(query.get("expr")) or text(query.get("query"))}
    if mapping(pane.get("range")).get("from") != "${__from}":
        keys["keep_time"] = False
    return keys if same(data_links([Link(title="", **keys)], scope)[0]["url"], url) else {}


def _dashboard(url: str, scope: LinkScope) -> Json:
    """A link to a dashboard by its uid, when its address has nothing that such a link cannot have."""
    address, _, query = url.partition("?")
    uid = address.removeprefix("/d/")
    if not address.startswith("/d/") or not uid or "/" in uid or "$" in uid:
        return {}
    # Links to dashboards keep time and variables by default; those that the address has are left out again.
    keys: Json = {"dashboard": uid, "keep_time": False, "keep_variables": False}
    variables: Json = {}
    for part in query.split("&") if query else []:
        if part in _ARGUMENTS:
            keys[f"keep_{_ARGUMENTS[part]}"] = True
        elif part.startswith("var-") and "=" in part:
            name, _, argument = part[4:].partition("=")
            variables[unquote(name)] = unquote(argument)
        else:
            return {}
    if variables:
        keys["variables"] = variables
    keys = {key: argument for key, argument in keys.items() if argument is not True}
    return keys if same(data_links([Link(title="", **keys)], scope)[0]["url"], url) else {}
