"""Differences of two configurations of Alertmanager; receivers, routes and inhibition rules have an order."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import plain_change
from dashgen.compare.change_values import leaves
from dashgen.compare.compare_notifications import mute_timing_details, policy_details
from dashgen.compare.hidden_secrets import hidden, is_secret
from dashgen.core.json_values import Json, mapping
from dashgen.formats.resources import Resource

_SECRETS: Final = frozenset(("api_url", "url", "webhook_url", "routing_key", "service_key", "user_key"))
"""Fields that hold secrets and are not called so."""


def alertmanager_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences, part by part."""
    sides = [replace(one, data=mapping(one.data.get("route"))) for one in (old, new)]
    for detail in policy_details(*sides):
        yield replace(detail, path=("route", *detail.path))
    yield from _receivers(old.data.get("receivers", []), new.data.get("receivers", []))
    yield from _inhibitions(old.data.get("inhibit_rules", []), new.data.get("inhibit_rules", []))
    yield from _timings(old, new)
    for key in ("global", "templates"):
        before, after = {key: old.data.get(key)}, {key: new.data.get(key)}
        for path, one, other in leaves(before, after):
            yield plain_change(path, hidden(one), hidden(other))


def _receivers(before: Sequence[Json], after: Sequence[Json]) -> Iterator[Detail]:
    old, new = ({str(one.get("name")): one for one in side} for side in (before, after))
    yield from _membership("receiver", list(old), list(new), ("receivers",))
    for name in (name for name in old if name in new):
        for path, one, other in leaves(old[name], new[name]):
            key = str(path[-1])
            secret = not key.endswith("_file") and (key in _SECRETS or is_secret(key))
            shown = [_shown(value, secret=secret) for value in (one, other)]
            yield plain_change(("receivers", name, *path), *shown, shown=path, subject=f"receiver {name}")


def _shown(value: object, *, secret: bool) -> Any:
    """A value without secrets: addresses of webhooks are such too."""
    if isinstance(value, dict):
        return {
            key: _shown(part, secret=key in _SECRETS or is_secret(str(key))) for key, part in value.items()
        }
    if isinstance(value, list):
        return [_shown(part, secret=secret) for part in value]
    return hidden(value, secret=secret)


def _inhibitions(before: Sequence[str], after: Sequence[str]) -> Iterator[Detail]:
    yield from _membership("inhibition rule", list(before), list(after), ("inhibit_rules",))


def _membership(what: str, before: list[str], after: list[str], path: Path) -> Iterator[Detail]:
    """What is gone, what is new, and whether the rest is in another order."""
    for name in (name for name in before if name not in after):
        yield Detail((f"{what} {name} removed",), (*path, name), name, None)
    for name in (name for name in after if name not in before):
        yield Detail((f"{what} {name} added",), (*path, name), None, name)
    common: list[list[Any]] = [
        [name for name in names if name in before and name in after] for names in (before, after)
    ]
    if common[0] != common[1]:
        yield Detail((f"{what}s in another order",), path, common[0], common[1])


def _timings(old: Resource, new: Resource) -> Iterator[Detail]:
    before, after = (mapping(one.data.get("time_intervals")) for one in (old, new))
    yield from _membership("time interval", sorted(before), sorted(after), ("time_intervals",))
    for name in (name for name in before if name in after):
        sides = (replace(one, data=data) for one, data in ((old, before[name]), (new, after[name])))
        for detail in mute_timing_details(*sides):
            path = ("time_intervals", name, *detail.path[1:])
            yield replace(detail, path=path, subject=f"time interval {name}")
