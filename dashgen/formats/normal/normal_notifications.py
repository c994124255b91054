"""The normal form of contact points, policies, mute timings, inhibition rules and templates."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashgen.core.json_values import Json, items, mapping, mappings, scalar_text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import names
from dashgen.formats.normal.normal_shape import RECEIVER, shaped
from dashgen.formats.normal.organisation import with_organisation
from dashgen.formats.normal.plain_values import seconds, undollared, without_empty
from dashgen.formats.resources import (
    CONTACT_POINT,
    INHIBITION_RULE,
    MUTE_TIMING,
    POLICIES,
    TEMPLATE,
    Resource,
)

NOTIFICATIONS_GROUP = "notifications.alerting.grafana.app"
"""The group of Grafana's Kubernetes-style API that has notifications."""
_TIMES = ("group_wait", "group_interval", "repeat_interval")
_LISTS = ("group_by", "mute_time_intervals", "active_time_intervals")
_SERVER_SET = ("orgId", "provenance", "version", "annotations", "name", "id")
_CALENDAR = names(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june",
    "july august september october november december",
)
_MATCHER = lazy_pattern(r"""\s*"?([^"=!~\s]+)"?\s*(=~|!~|!=|=)\s*(".*"|"?.*?"?)\s*""", re.DOTALL)
_ESCAPE = lazy_pattern(r"""\\(["\\n])""")


def contact_points_of_file(points: object, *, path: str = "") -> Iterator[Resource]:
    """The contact points of a provisioning file."""
    for point in mappings(points):
        receivers = [undollared(receiver) for receiver in mappings(point.get("receivers"))]
        resource = _contact_point(undollared(scalar_text(point.get("name"))), receivers, path)
        yield with_organisation(resource, point)


def contact_points_of_api(integrations: Iterable[Mapping[str, Any]]) -> Iterator[Resource]:
    """The contact points of a Grafana, whose API lists their integrations; secrets come redacted."""
    named: dict[str, list[Json]] = {}
    for item in integrations:
        named.setdefault(scalar_text(item.get("name")), []).append(dict(item))
    for name, receivers in named.items():
        yield _contact_point(name, receivers, "")


def _contact_point(name: str, receivers: list[Json], path: str) -> Resource:
    receiver_data: Json = {}
    seen: Counter[str] = Counter()
    for receiver in shaped(receivers, [RECEIVER]):
        shown = {key: value for key, value in receiver.items() if key not in (*_SERVER_SET, "uid")}
        if shown.get("disableResolveMessage") is False:
            del shown["disableResolveMessage"]
        kind = scalar_text(receiver.get("type"))
        # A receiver may have no uid: its type and number identify it then.
        seen[kind] += 1
        receiver_data[scalar_text(receiver.get("uid")) or f"{kind} {seen[kind]}"] = without_empty(shown)
    return Resource(CONTACT_POINT, name, name, {"receivers": receiver_data}, path=path)


def policies_of_file(trees: object, *, path: str = "") -> Iterator[Resource]:
    """The policy tree of a provisioning file."""
    for tree in mappings(trees):
        yield with_organisation(policies_resource(undollared(tree), path=path), tree)


def policies_resource(tree: Mapping[str, Any], *, path: str = "") -> Resource:
    """A policy tree, as files and the API write it."""
    return Resource(POLICIES, "policies", "notification policies", _route(tree), path=path)


def _route(route: Mapping[str, Any]) -> Json:
    route_data = {
        key: value
        for key, value in route.items()
        if key not in (*_SERVER_SET, "object_matchers", "matchers", "match", "match_re", "routes")
    }
    route_data |= {key: seconds(route_data[key]) for key in _TIMES if key in route_data}
    route_data |= {
        key: sorted(map(scalar_text, route_data[key]))
        for key in _LISTS
        if isinstance(route_data.get(key), list)
    }
    if route_data.get("continue") is False:
        del route_data["continue"]
    route_data["matchers"] = sorted(" ".join(matcher) for matcher in route_matchers(route))
    route_data["routes"] = [_route(inner) for inner in mappings(route.get("routes"))]
    normal_form: Json = without_empty(route_data)
    return normal_form


def route_matchers(route: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The matchers of a route, from the four keys that Grafana and Alertmanager have for them.

    Before: ``{"object_matchers": [["team", "=", "db"]], "matchers": ["severity!=info"],
    "match_re": {"job": "a|b"}}``
    After: ``("team", "=", "db")``, ``("severity", "!=", "info")``, ``("job", "=~", "a|b")``

    A text of ``matchers`` that is none comes as it is, alone.
    """
    for entry in items(route.get("object_matchers")):
        if isinstance(entry, list) and len(entry) == 3:
            yield tuple(map(str, entry))
    for entry in items(route.get("matchers")):
        matcher = _MATCHER.fullmatch(scalar_text(entry))
        yield (matcher[1], matcher[2], _unquoted(matcher[3])) if matcher else (scalar_text(entry),)
    for key, sign in (("match", "="), ("match_re", "=~")):
        for name, value in mapping(route.get(key)).items():
            yield str(name), sign, str(value)


def _unquoted(value: str) -> str:
    """The value of a matcher's text; a backslash escapes in quotes (Alertmanager's pkg/labels/parse.go)."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], value[1:-1])
    return value.removeprefix('"').removesuffix('"')


def mute_timings(timings: object, *, path: str = "") -> Iterator[Resource]:
    """Mute timings, as files and the API write them."""
    for timing in mappings(timings):
        name = scalar_text(timing.get("name"))
        intervals = sorted(map(_interval, mappings(timing.get("time_intervals"))), key=_in_one_spelling)
        resource = Resource(MUTE_TIMING, name, name, {"time_intervals": intervals}, path=path)
        yield with_organisation(resource, timing)


def _interval(interval: Mapping[str, Any]) -> Json:
    """The times of an interval; each list holds alternatives, so its order means nothing."""
    normal_form = {
        key: sorted(value, key=_in_the_year) if isinstance(value, list) else value
        for key, value in without_empty(interval).items()
    }
    return {key: value for key, value in normal_form.items() if (key, value) != ("location", "UTC")}


def _in_the_year(value: object) -> tuple[int, str]:
    """A key that sorts days and months as they follow each other, and everything else by its text."""
    first = scalar_text(value).partition(":")[0].casefold()
    return _CALENDAR.index(first) if first in _CALENDAR else len(_CALENDAR), _in_one_spelling(value)


def _in_one_spelling(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def is_inhibition_rule(document: Mapping[str, Any]) -> bool:
    """Whether a document is an inhibition rule of Grafana's Kubernetes-style API."""
    group = scalar_text(document.get("apiVersion")).partition("/")[0]
    return group == NOTIFICATIONS_GROUP and document.get("kind") == "InhibitionRule"


def inhibition_rule(name: str, spec: Mapping[str, Any], *, path: str = "") -> Resource:
    """An inhibition rule from its ``spec`` in Grafana's API; its matchers and labels have no order."""
    data = {
        "source": _inhibition_side(spec.get("source_matchers")),
        "target": _inhibition_side(spec.get("target_matchers")),
        "equal": sorted(map(scalar_text, items(spec.get("equal")))),
    }
    return Resource(INHIBITION_RULE, name, name, without_empty(data), path=path)


def _inhibition_side(entries: object) -> list[str]:
    parts = ((scalar_text(one.get(key)) for key in ("label", "type", "value")) for one in mappings(entries))
    return sorted(" ".join(matcher) for matcher in parts)


def templates_of_file(templates: object, *, path: str = "") -> Iterator[Resource]:
    """The templates of a provisioning file."""
    return templates_of_api(undollared(mappings(templates)), path=path)


def templates_of_api(templates: Iterable[Mapping[str, Any]], *, path: str = "") -> Iterator[Resource]:
    """The templates of a Grafana."""
    for template in templates:
        name, body = scalar_text(template.get("name")), scalar_text(template.get("template")).strip()
        yield with_organisation(Resource(TEMPLATE, name, name, {"template": body}, path=path), template)
