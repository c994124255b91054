"""Differences of contact points, notification policies, mute timings, inhibition rules and templates."""

import re
from collections.abc import Iterator

from dashgen.compare.change import Code, Detail, Path
from dashgen.compare.change_texts import around, show, word_change, word_detail
from dashgen.compare.change_values import leaves, other_changes, same_or_redacted
from dashgen.compare.compare_links import named
from dashgen.compare.compare_rules import duration
from dashgen.compare.hidden_secrets import hidden, is_secret
from dashgen.core.json_values import Json, mappings
from dashgen.formats.resources import Resource

_TIMES = {
    "group_wait": "group wait",
    "group_interval": "group interval",
    "repeat_interval": "repeat interval",
}
_ROUTE = {
    "receiver": "contact point",
    "group_by": "grouped by",
    "mute_time_intervals": "muted during",
    "active_time_intervals": "active during",
    "continue": "goes on to later policies",
}


def contact_point_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of a contact point's integrations; secrets are not shown."""
    old_receivers, new_receivers = old.data.get("receivers", {}), new.data.get("receivers", {})
    types = [str(receiver.get("type")) for receiver in [*old_receivers.values(), *new_receivers.values()]]
    for uid in sorted({*old_receivers, *new_receivers}):
        old_receiver, new_receiver = old_receivers.get(uid), new_receivers.get(uid)
        path = ("receivers", uid)
        kind = str((new_receiver or old_receiver or {}).get("type"))
        # One on each side is one integration; more of a type need their uids.
        name = kind if types.count(kind) <= 2 else f"{kind} ({uid})"
        if old_receiver is None or new_receiver is None:
            sentence = f"{name} {'added' if old_receiver is None else 'removed'}"
            yield Detail((sentence,), path, hidden(old_receiver), hidden(new_receiver))
            continue
        yield from _integration_details(name, old_receiver, new_receiver, path)


def _integration_details(name: str, old: Json, new: Json, path: Path) -> Iterator[Detail]:
    if old.get("disableResolveMessage") != new.get("disableResolveMessage"):
        on = not new.get("disableResolveMessage")
        sentence = f"{name} {'reports' if on else 'no longer reports'} resolved alerts"
        flags = old.get("disableResolveMessage"), new.get("disableResolveMessage")
        yield Detail((sentence,), (*path, "disableResolveMessage"), *flags)
    for inner, old_value, new_value in leaves(old, new):
        if inner == ("disableResolveMessage",):
            continue
        label = f"{name} {'.'.join(map(str, inner[1:] or inner))}"
        if is_secret(str(inner[-1])):
            masks = hidden(old_value, secret=True), hidden(new_value, secret=True)
            yield Detail((f"{label} changed",), (*path, *inner), *masks)
        else:
            yield word_detail(label, hidden(old_value), hidden(new_value), (*path, *inner))


def policy_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two policy trees, policy by policy."""
    yield from _route(old.data, new.data, (), "")


def _route(old: Json, new: Json, path: Path, subject: str) -> Iterator[Detail]:
    for key, label in {**_ROUTE, **_TIMES}.items():
        old_value, new_value = old.get(key), new.get(key)
        if not same_or_redacted(old_value, new_value):
            shown = [duration(v) if key in _TIMES and v is not None else v for v in (old_value, new_value)]
            yield Detail(word_change(label, *shown), (*path, key), old_value, new_value, subject)
    yield from other_changes(old, new, ("routes", "matchers", *_ROUTE, *_TIMES), path, subject)
    before, after = (named([_with_name(r) for r in route.get("routes", [])], "") for route in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        old_value, new_value = before.get(name), after.get(name)
        below, route_subject = (*path, "routes", name), f"policy {name}"
        if old_value is None or new_value is None:
            # A policy without a contact point of its own inherits its parent's.
            to = show((new_value or old_value or {}).get("receiver", "the same contact point"))
            sentence = f"added, to {to}" if old_value is None else f"removed, was to {to}"
            sides = _without_name(old_value), _without_name(new_value)
            yield Detail((sentence,), below, *sides, route_subject)
        else:
            yield from _route(old_value, new_value, below, route_subject)
    common = [[name for name in names if name in before and name in after] for names in (before, after)]
    if common[0] != common[1]:
        sentence = "policies in another order: the first that matches counts"
        yield Detail((sentence,), (*path, "routes"), common[0], common[1], subject)


def _with_name(route: Json) -> Json:
    # A policy has no name: its matchers are what people know it by.
    return {**route, "": ", ".join(route.get("matchers", [])) or "for everything"}


def _without_name(route: Json | None) -> Json | None:
    return None if route is None else {key: value for key, value in route.items() if key}


def mute_timing_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of the times of a mute timing."""
    old_intervals, new_intervals = old.data.get("time_intervals", []), new.data.get("time_intervals", [])
    before, after = ([_interval(item) for item in items] for items in (old_intervals, new_intervals))
    removed, added = [t for t in before if t not in after], [t for t in after if t not in before]
    if len(removed) == len(added) == 1:
        yield Detail((f"{removed[0]} → {added[0]}",), ("time_intervals",), old_intervals, new_intervals)
        return
    for text in removed:
        yield Detail((f"no longer {text}",), ("time_intervals", text), text, None)
    for text in added:
        yield Detail((f"also {text}",), ("time_intervals", text), None, text)


def _interval(interval: Json) -> str:
    parts = [
        ", ".join(str(item) for item in interval[key])
        for key in ("weekdays", "days_of_month", "months", "years")
        if isinstance(interval.get(key), list)
    ]
    times = mappings(interval.get("times"))
    if times:
        parts.append(" and ".join(f"{time.get('start_time')} to {time.get('end_time')}" for time in times))
    text = " ".join(parts) or "always"
    return f"{text} ({interval['location']})" if interval.get("location") else text


_INHIBITION = {"source": "inhibits while", "target": "inhibited", "equal": "labels that have to be equal"}


def inhibition_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of an inhibition rule's sides and of its equal labels."""
    for key, label in _INHIBITION.items():
        old_value, new_value = old.data.get(key), new.data.get(key)
        if old_value != new_value:
            yield Detail(word_change(label, old_value, new_value), (key,), old_value, new_value)


def template_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The first lines that differ in two templates, and how many do."""
    old_text, new_text = str(old.data.get("template", "")), str(new.data.get("template", ""))
    if old_text == new_text:
        return
    before, after = _lines(old_text), _lines(new_text)
    removed = [line for line in before if line not in after]
    added = [line for line in after if line not in before]
    path = ("template",)
    if len(removed) == len(added) == 1:
        left, right = around(removed[0], added[0])
        yield Detail(("text changed ", Code(left), " → ", Code(right)), path, old_text, new_text)
    elif removed or added:
        sentence = f"text changed: {len(added)} lines added, {len(removed)} removed"
        yield Detail((sentence,), path, old_text, new_text)
    else:
        yield Detail(("text changed in its order or spaces",), path, old_text, new_text)


def _lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
