"""Differences of contact points, notification policies, mute timings and templates."""

import re
from collections.abc import Iterator
from typing import Any

from dashgen.compare.change import Code, Detail, Path
from dashgen.compare.change_texts import around, show, word_change
from dashgen.compare.change_values import leaves, other_changes, same_or_redacted
from dashgen.compare.compare_links import named
from dashgen.compare.compare_rules import duration
from dashgen.compare.hidden_secrets import hidden, is_secret
from dashgen.core.json_values import mappings
from dashgen.formats.resources import Resource

Data = dict[str, Any]
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
    one, other = old.data.get("receivers", {}), new.data.get("receivers", {})
    types = [str(receiver.get("type")) for receiver in [*one.values(), *other.values()]]
    for uid in sorted({*one, *other}):
        a, b = one.get(uid), other.get(uid)
        path = ("receivers", uid)
        there = b or a or {}
        name = (
            str(there.get("type"))
            if types.count(str(there.get("type"))) <= 2
            else f"{there.get('type')} ({uid})"
        )
        if a is None or b is None:
            said = f"{name} {'added' if a is None else 'removed'}"
            yield Detail((said,), path, hidden(a), hidden(b))
            continue
        yield from _integration_details(name, a, b, path)


def _integration_details(name: str, old: Data, new: Data, path: Path) -> Iterator[Detail]:
    if old.get("disableResolveMessage") != new.get("disableResolveMessage"):
        on = not new.get("disableResolveMessage")
        said = f"{name} {'says' if on else 'no longer says'} when an alert is over"
        flags = old.get("disableResolveMessage"), new.get("disableResolveMessage")
        yield Detail((said,), (*path, "disableResolveMessage"), *flags)
    for inner, one, other in leaves(old, new):
        if inner == ("disableResolveMessage",):
            continue
        label = f"{name} {'.'.join(map(str, inner[1:] or inner))}"
        if is_secret(str(inner[-1])):
            yield Detail(
                (f"{label} changed",), (*path, *inner), hidden(one, secret=True), hidden(other, secret=True)
            )
        else:
            shown = hidden(one), hidden(other)
            yield Detail(word_change(label, *shown), (*path, *inner), *shown)


def policy_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two policy trees, policy by policy."""
    yield from _route(old.data, new.data, (), "")


def _route(old: Data, new: Data, path: Path, subject: str) -> Iterator[Detail]:
    for key, label in {**_ROUTE, **_TIMES}.items():
        one, other = old.get(key), new.get(key)
        if not same_or_redacted(one, other):
            shown = [duration(v) if key in _TIMES and v is not None else v for v in (one, other)]
            yield Detail(word_change(label, *shown), (*path, key), one, other, subject)
    yield from other_changes(old, new, ("routes", "matchers", *_ROUTE, *_TIMES), path, subject)
    before, after = (named([_with_name(r) for r in route.get("routes", [])], "") for route in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        one, other = before.get(name), after.get(name)
        below, about = (*path, "routes", name), f"policy {name}"
        if one is None or other is None:
            to = show((other or one or {}).get("receiver", "the same contact point"))
            said = f"added, to {to}" if one is None else f"removed, was to {to}"
            yield Detail((said,), below, _without_name(one), _without_name(other), about)
        else:
            yield from _route(one, other, below, about)
    kept = [[name for name in names if name in before and name in after] for names in (before, after)]
    if kept[0] != kept[1]:
        yield Detail(
            ("policies in another order: the first that matches counts",),
            (*path, "routes"),
            kept[0],
            kept[1],
            subject,
        )


def _with_name(route: Data) -> Data:
    return {**route, "": ", ".join(route.get("matchers", [])) or "for everything"}


def _without_name(route: Data | None) -> Data | None:
    return None if route is None else {key: value for key, value in route.items() if key}


def mute_timing_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of the times of a mute timing."""
    one, other = old.data.get("time_intervals", []), new.data.get("time_intervals", [])
    before, after = ([_interval(item) for item in items] for items in (one, other))
    gone, come = [t for t in before if t not in after], [t for t in after if t not in before]
    if len(gone) == len(come) == 1:
        yield Detail((f"{gone[0]} → {come[0]}",), ("time_intervals",), one, other)
        return
    for text in gone:
        yield Detail((f"no longer {text}",), ("time_intervals", text), text, None)
    for text in come:
        yield Detail((f"also {text}",), ("time_intervals", text), None, text)


def _interval(interval: Data) -> str:
    words = [
        ", ".join(str(item) for item in interval[key])
        for key in ("weekdays", "days_of_month", "months", "years")
        if isinstance(interval.get(key), list)
    ]
    times = mappings(interval.get("times"))
    if times:
        words.append(" and ".join(f"{time.get('start_time')} to {time.get('end_time')}" for time in times))
    text = " ".join(words) or "always"
    return f"{text} ({interval['location']})" if interval.get("location") else text


def template_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The first lines that differ in two templates, and how many do."""
    one, other = str(old.data.get("template", "")), str(new.data.get("template", ""))
    if one == other:
        return
    before, after = _lines(one), _lines(other)
    gone, come = (
        [line for line in before if line not in after],
        [line for line in after if line not in before],
    )
    path = ("template",)
    if len(gone) == len(come) == 1:
        left, right = around(gone[0], come[0])
        yield Detail(("text changed ", Code(left), " → ", Code(right)), path, one, other)
    elif gone or come:
        yield Detail((f"text changed: {len(come)} lines new, {len(gone)} gone",), path, one, other)
    else:
        yield Detail(("text changed in its order or spaces",), path, one, other)


def _lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
