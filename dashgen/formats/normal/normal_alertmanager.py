"""The normal form of Alertmanager's configuration: receivers, routes and inhibition rules in their order."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal.normal_notifications import mute_timings, policies_resource, route_matchers
from dashgen.formats.normal.plain_values import without_empty
from dashgen.formats.resources import ALERTMANAGER, Resource


def alertmanager_config(document: Mapping[str, Any], *, path: str = "") -> Iterator[Resource]:
    """The configuration, if the document is one."""
    if not isinstance(document.get("route"), dict) or not isinstance(document.get("receivers"), list):
        return
    timings = [*mappings(document.get("time_intervals")), *mappings(document.get("mute_time_intervals"))]
    data = {
        "global": mapping(document.get("global")),
        "route": policies_resource(mapping(document.get("route"))).data,
        "receivers": [_receiver(one) for one in mappings(document.get("receivers"))],
        "inhibit_rules": [_inhibition(one) for one in mappings(document.get("inhibit_rules"))],
        "time_intervals": {timing.uid: timing.data for timing in mute_timings(timings)},
        "templates": document.get("templates"),
    }
    yield Resource(ALERTMANAGER, path, "Alertmanager", without_empty(data), path=path)


def _receiver(receiver: Json) -> Json:
    entries = {key: value for key, value in receiver.items() if key != "name"}
    return {"name": scalar_text(receiver.get("name")), **entries}


def _inhibition(rule: Json) -> str:
    """A rule in one text: ``severity = critical over severity =~ warning|info, equal cluster``."""
    sides = [_side(rule, side) for side in ("source", "target")]
    labels = rule.get("equal")
    equal = ", ".join(sorted(map(scalar_text, labels))) if isinstance(labels, list) else ""
    return " over ".join(sides) + (f", equal {equal}" if equal else "")


def _side(rule: Json, side: str) -> str:
    spelled = {key: rule.get(f"{side}_{key}") for key in ("matchers", "match", "match_re")}
    return " and ".join(sorted(" ".join(matcher) for matcher in route_matchers(spelled)))
