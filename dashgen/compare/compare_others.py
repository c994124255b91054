"""Differences of data sources, rule groups, server rules, and of kinds without sentences."""

from collections.abc import Iterator

from msgspec.structs import replace

from dashgen.compare.change import Detail
from dashgen.compare.change_texts import code_change, plain_change, word_change
from dashgen.compare.change_values import field_changes, leaves, other_changes, same_or_redacted
from dashgen.compare.compare_rules import duration, text_details
from dashgen.compare.hidden_secrets import hidden, source_hidden
from dashgen.compare.list_order import moved_item, order_details
from dashgen.core.json_values import Json
from dashgen.formats.resources import Resource

_SOURCE = {"type": "type", "access": "access", "isDefault": "default", "editable": "editable"}
_GROUP_TIMES = {
    "interval": "evaluated every",
    "query_offset": "asks for times before now by",
    "evaluation_delay": "asks for times before now by",
}
_GROUP = {"limit": "limit of alerts and series", "orgId": "organization"}
_SERVER_RULE = {"for": "fires after", "keep_firing_for": "keeps firing for"}


def plain_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """Every difference by its path."""
    yield from other_changes(old.data, new.data, (), ())


def data_source_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two data sources; secrets are not shown."""
    before, after = old.data, new.data
    old_url, new_url = before.get("url"), after.get("url")
    if old_url != new_url:
        old_shown, new_shown = hidden(old_url), hidden(new_url)
        parts = word_change("url", old_shown, new_shown)
        if old_shown == new_shown:
            parts = ("user or password in the url changed",)
        yield Detail(parts, ("url",), old_shown, new_shown)
    yield from field_changes(before, after, _SOURCE, ())
    for inner, old_secret, new_secret in leaves(before.get("secureJsonData"), after.get("secureJsonData")):
        name = ".".join(map(str, inner))
        masks = hidden(old_secret, secret=True), hidden(new_secret, secret=True)
        yield Detail((f"secret {name} changed",), ("secureJsonData", *inner), *masks)
    shown_keys = ("url", "secureJsonData", *_SOURCE)
    for detail in other_changes(before, after, shown_keys, ()):
        path = detail.path[1:] if detail.path[0] == "jsonData" and len(detail.path) > 1 else detail.path
        old_shown, new_shown = (source_hidden(detail.path, value) for value in (detail.old, detail.new))
        # What differs and looks alike once it is masked is a secret that plugins keep in `jsonData`.
        if old_shown == new_shown:
            name = ".".join(map(str, path))
            yield Detail((f"secret {name} changed",), detail.path, old_shown, new_shown)
        else:
            yield plain_change(detail.path, old_shown, new_shown, shown=path)


def group_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """Yield how the evaluation, the order and the other settings of a rule group changed."""
    for key, label in _GROUP_TIMES.items():
        old_time, new_time = old.data.get(key), new.data.get(key)
        if not same_or_redacted(old_time, new_time):
            shown = [None if value is None else duration(value) for value in (old_time, new_time)]
            yield Detail(word_change(label, *shown), (key,), old_time, new_time)
    yield from text_details("label", _texts(old.data, "labels"), _texts(new.data, "labels"), ("labels",))
    yield from field_changes(old.data, new.data, _GROUP, ())
    shown_keys = ("rules", "labels", "server", *_GROUP, *_GROUP_TIMES)
    yield from other_changes(old.data, new.data, shown_keys, ())
    for detail in order_details(old.data.get("rules", []), new.data.get("rules", []), "rules", ("rules",)):
        sentence = moved_item("rule", detail.old, detail.new)
        yield replace(detail, parts=(sentence,)) if sentence else detail


def server_rule_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two rules of Prometheus or Loki."""
    before, after = old.data, new.data
    old_expr, new_expr = str(before.get("expr", "")), str(after.get("expr", ""))
    if old_expr.split() != new_expr.split():
        yield Detail(("expression changed ", *code_change(old_expr, new_expr)), ("expr",), old_expr, new_expr)
    for key, label in _SERVER_RULE.items():
        if not same_or_redacted(before.get(key), after.get(key)):
            shown = [duration(data.get(key, 0)) for data in (before, after)]
            yield Detail((f"{label} {shown[0]} → {shown[1]}",), (key,), before.get(key), after.get(key))
    for word, key in (("label", "labels"), ("annotation", "annotations")):
        yield from text_details(word, _texts(before, key), _texts(after, key), (key,))
    shown_keys = ("expr", "labels", "annotations", "server", *_SERVER_RULE)
    yield from other_changes(before, after, shown_keys, ())


def _texts(data: Json, key: str) -> Json:
    texts = data.get(key)
    return texts if isinstance(texts, dict) else {}
