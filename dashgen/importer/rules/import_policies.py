"""Find the keys for Grafana's policy tree and its mute timings."""

from typing import Any

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.formats.normal.normal_notifications import route_matchers
from dashgen.formats.upgrade.notes import Notes
from dashgen.model.label_matchers import matchers

_TIMING = ("group_by", "group_wait", "group_interval", "repeat_interval")


def policy_keys(tree: Json, notes: Notes) -> Json:
    """The keys of a policy tree.

    Before: ``{"receiver": "ops", "routes": [{"receiver": "db", "object_matchers": [["team", "=", "db"]]}]}``
    After: ``{"contact_point": "ops", "routes": [{"match": {"team": "db"}, "contact_point": "db"}]}``
    """
    policy: Json = {"contact_point": text(tree.get("receiver")) or "grafana-default-email"}
    return {**policy, **_timing(tree), **_routes(tree, notes)}


def _routes(policy: Json, notes: Notes) -> Json:
    routes = [_route(route, notes) for route in mappings(policy.get("routes"))]
    return {"routes": routes} if routes else {}


def _route(route: Json, notes: Notes) -> Json:
    spec_route: Json = {}
    if match := _match(route, notes):
        spec_route["match"] = match
    if route.get("receiver"):
        spec_route["contact_point"] = text(route["receiver"])
    for key, word in (("mute_time_intervals", "mute"), ("active_time_intervals", "active")):
        names = [name for name in items(route.get(key)) if isinstance(name, str)]
        if names:
            spec_route[word] = names[0] if len(names) == 1 else names
    if route.get("continue") is True:
        spec_route["continue"] = True
    return {**spec_route, **_timing(route), **_routes(route, notes)}


def _timing(policy: Json) -> Json:
    return {key: policy[key] for key in _TIMING if policy.get(key)}


def _match(route: Json, notes: Notes) -> Json:
    match: Json = {}
    # What is not a matcher, Grafana refuses too.
    for label, operator, value in (matcher for matcher in route_matchers(route) if len(matcher) == 3):
        if label in match:
            notes.drop(f"a second condition on the label `{label}` of one policy, which matches more now")
            continue
        # A value may begin with a character that means an operator in a spec: only a spelling that builds
        # back is taken.
        spelling = next((word for word in _spellings(operator, value) if _means(word, operator, value)), None)
        if spelling is None:
            notes.drop(f"a condition with `{operator}` on the label `{label}`; the policy matches more now")
        else:
            match[label] = spelling
    return match


def _spellings(operator: str, value: str) -> list[Any]:
    if operator == "=":
        return [value, f"={value}", [value]]
    if operator == "!=":
        return [f"!{value}", f"!={value}"]
    # A list is built as alternatives, which is the most readable form of them.
    if operator == "=~":
        return [*([value.split("|")] if "|" in value else []), f"~{value}", f"=~{value}"]
    return [f"!~{value}"] if operator == "!~" else []


def _means(word: Any, operator: str, value: str) -> bool:
    return matchers({"x": word}) == [("x", operator, value)] or (isinstance(word, list) and operator == "=")


def inhibition_keys(rule: Json, notes: Notes) -> Json:
    """The keys of an inhibition rule; empty when a spec cannot have one of its conditions.

    Before: ``{"name": "db", "source": [["severity", "=", "critical"]], "target": …, "equal": ["cluster"]}``
    After: ``{"source": {"severity": "critical"}, "target": …, "equal": "cluster"}``
    """
    lost = Notes()
    sides = {side: _match({"object_matchers": rule.get(side)}, lost) for side in ("source", "target")}
    if lost.dropped or not all(sides.values()):
        # With fewer conditions it would silence more.
        notes.drop(f"the inhibition rule `{text(rule.get('name'))}`, whose conditions a spec cannot have")
        return {}
    labels = [label for label in items(rule.get("equal")) if isinstance(label, str)]
    return {**sides, "equal": labels[0] if len(labels) == 1 else labels} if labels else sides


_KEYS = {"weekdays": "weekdays", "days_of_month": "days", "months": "months", "years": "years"}


def timing_keys(timing: Json, notes: Notes) -> Json:
    """The keys of one mute timing, empty when it has no times."""
    intervals = mappings(timing.get("time_intervals")) or mappings(mapping(timing).get("intervals"))
    spec_intervals = [spec_timing for interval in intervals if (spec_timing := _interval(interval))]
    if not spec_intervals:
        notes.drop(f"the mute timing `{text(timing.get('name'))}`, which has no time")
        return {}
    # A spec has one time zone for a mute timing; in Grafana each interval has its own.
    spec_timing = dict(spec_intervals[0])
    locations = list(dict.fromkeys(text(interval.get("location")) for interval in intervals))
    if locations[0] not in {"", "UTC"}:
        spec_timing["location"] = locations[0]
    if len(locations) > 1:
        notes.drop(f"the time zones of the mute timing `{text(timing.get('name'))}` but the first")
    return {**spec_timing, "intervals": spec_intervals[1:]} if len(spec_intervals) > 1 else spec_timing


def _interval(interval: Json) -> Json:
    spec_interval: Json = {}
    for theirs, ours in _KEYS.items():
        parts = [_range(str(part)) for part in items(interval.get(theirs))]
        if parts:
            spec_interval[ours] = parts[0] if len(parts) == 1 else parts
    times = [
        f"{text(part.get('start_time'))}-{text(part.get('end_time'))}"
        for part in mappings(interval.get("times"))
    ]
    if times:
        spec_interval["times"] = times[0] if len(times) == 1 else times
    return spec_interval


def _range(part: str) -> str:
    first, colon, last = part.strip().partition(":")
    return f"{first.strip()}..{last.strip()}" if colon else first
