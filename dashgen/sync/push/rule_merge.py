"""Merge rule groups that the specs and people in Grafana both changed, by single rules and their parts.

Of what was pushed last only checksums are kept, one for each part of each rule: that is enough to tell which
side changed a part since, and no text of a rule is kept anywhere. The queries of a rule and the condition
about them are one part, as half of such a change is a rule that nobody wrote.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from msgspec.structs import replace

from dashgen.compare import Change
from dashgen.core.json_values import Json, JsonPath, mapping, mappings, scalar_text
from dashgen.formats.normal.normal_rules import rules_of_api
from dashgen.formats.resources import RULE_GROUP, Resource
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.resource_kind import Merged, Parts

INTERVAL: Final = "interval"
ORDER: Final = "order"
_QUERY: Final = frozenset(("condition", "data", "record"))
_TEXTS: Final = ("labels", "annotations")
"""Keys of rules with a text for each name, of which each is a part of its own."""
_API_KEYS: Final = {"missing_series_evals_to_resolve": "missingSeriesEvalsToResolve"}
"""Keys of the normal form that are called otherwise in the API."""
_DIGITS: Final = 12


def parts(item: Item) -> dict[str, str]:
    """The checksums of the parts of a group."""
    result = {ORDER: " ".join(_rules(item))}
    for resource in rules_of_api([item.content], {}):
        if resource.kind == RULE_GROUP:
            result[INTERVAL] = _digest(resource.data.get("interval"))
        else:
            result |= {f"{resource.uid}/{part}": _digest(value) for part, value in _parts_of(resource)}
    return result


def _parts_of(resource: Resource) -> Iterable[tuple[str, object]]:
    yield "title", resource.title
    yield "query", [resource.kind, {key: resource.data.get(key) for key in _QUERY}]
    for key, value in resource.data.items():
        if key in _TEXTS:
            yield from ((f"{key}/{name}", text) for name, text in mapping(value).items())
        elif key not in _QUERY and key != "group":
            yield key, value


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def merged_group(base: Parts, ours: Item, theirs: Item) -> Merged:
    """Merge a group.

    Args:
        base: the parts of what was pushed last.
        ours: the group as the specs define it.
        theirs: the group as Grafana has it.
    """
    merge = _Merge(base, ours, theirs)
    rules = {uid: rule for uid in merge.uids if (rule := merge.rule(uid)) is not None}
    side = theirs if merge.is_theirs(INTERVAL, "how often the rules are evaluated") else ours
    order = merge.order(list(rules))
    content = {
        **ours.content,
        "interval": side.content.get("interval"),
        "rules": [rules[uid] for uid in order],
    }
    return Merged(replace(ours, content=content), merge.clashes, tuple(merge.edited))


class _Merge:
    """Two sides and what they started from, and what is found out about them."""

    def __init__(self, base: Parts, ours: Item, theirs: Item) -> None:
        self.clashes: dict[str, str] = {}
        self.edited: list[str] = []
        self._base, self._ours, self._theirs = base, parts(ours), parts(theirs)
        self._our_rules, self._their_rules = _rules(ours), _rules(theirs)
        self._old = base.get(ORDER, "").split()
        self.uids = list({**self._our_rules, **self._their_rules})

    def is_theirs(self, part: str, name: str) -> bool:
        """Whether a part is Grafana's, as the specs did not change it; if both changed it, it is a clash."""
        base, ours, theirs = (side.get(part) for side in (self._base, self._ours, self._theirs))
        if base != ours and theirs not in (base, ours):
            self.clashes[part] = name
        return base == ours

    def rule(self, uid: str) -> Json | None:
        """A rule, or nothing when a side deleted it."""
        ours, theirs = self._our_rules.get(uid), self._their_rules.get(uid)
        if theirs is not None and self._is_edited(uid):
            self.edited.append(scalar_text(theirs.get("title")))
        elif theirs is None and ours is not None and uid in self._old:
            self.edited.append(scalar_text(ours.get("title")))
        if ours is not None and theirs is not None:
            return self._both(uid, ours, theirs)
        rule, side = (ours, self._ours) if ours is not None else (theirs, self._theirs)
        if rule is None or uid not in self._old:
            return dict(rule) if rule is not None else None
        # The other side deleted it: that counts only for what this side left as it was.
        if self._changed(side, uid):
            where = "Grafana" if ours is not None else "the specs"
            title = scalar_text(rule.get("title"))
            self.clashes[uid] = f"alert rule {title}, which was deleted in {where}"
        return None

    def _is_edited(self, uid: str) -> bool:
        """Whether anything of a rule is neither as it was pushed nor as the specs have it."""
        keys = {key for key in {**self._base, **self._theirs} if key.startswith(f"{uid}/")}
        sides = ((self._theirs.get(key), self._base.get(key), self._ours.get(key)) for key in keys)
        return any(theirs not in (base, ours) for theirs, base, ours in sides)

    def _changed(self, side: Parts, uid: str) -> bool:
        prefix = f"{uid}/"
        keys = {key for key in {**self._base, **side} if key.startswith(prefix)}
        return any(self._base.get(key) != side.get(key) for key in keys)

    def _both(self, uid: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Json:
        rule = {**ours, **{key: dict(mapping(ours.get(key))) for key in _TEXTS if ours.get(key)}}
        prefix = f"{uid}/"
        title = scalar_text(ours.get("title"))
        keys = {**self._ours, **self._theirs, **self._base}
        for part in (key.removeprefix(prefix) for key in keys if key.startswith(prefix)):
            name, _, text = part.partition("/")
            about = f"alert rule {title}: {name}{f' `{text}`' if text else ''}"
            if self.is_theirs(prefix + part, about):
                _take(rule, theirs, name, text)
        return rule

    def order(self, uids: list[str]) -> list[str]:
        """The order of the rules that are left: theirs where only they changed it, else ours.

        Rules that one side does not have come behind the one that they follow on the other.
        """
        sides = [[uid for uid in side if uid in uids] for side in (self._our_rules, self._their_rules)]
        ours, theirs = sides
        common = [uid for uid in ours if uid in theirs]
        base = [uid for uid in self._old if uid in common]
        orders = [[uid for uid in side if uid in base] for side in (ours, theirs)]
        if base not in orders and orders[0] != orders[1]:
            self.clashes[ORDER] = "the order of the rules"
        first, second = (theirs, ours) if orders[0] == base else (ours, theirs)
        result = list(first)
        for number, uid in enumerate(second):
            if uid not in result:
                before = [other for other in second[:number] if other in result]
                result.insert(result.index(before[-1]) + 1 if before else 0, uid)
        return result


def part_of(change: Change, path: JsonPath) -> str:
    """The part of a group that a change is about.

    Args:
        change: the change of the group or of a rule.
        path: the path of the detail; empty for a rule that came or went.
    """
    head = str(path[0]) if path else ""
    if change.kind == RULE_GROUP:
        return ORDER if head == "rules" else head
    uid = change.resource.uid
    if head in _TEXTS and len(path) > 1:
        return f"{uid}/{head}/{path[1]}"
    return f"{uid}/{'query' if head in _QUERY else head}" if head else uid


def _take(rule: Json, theirs: Mapping[str, Any], name: str, text: str) -> None:
    """Put one part of their rule into a rule."""
    if text:
        texts = dict(mapping(rule.get(name)))
        value = mapping(theirs.get(name)).get(text)
        texts.pop(text, None)
        rule[name] = texts if value is None else {**texts, text: value}
        return
    for key in _QUERY if name == "query" else (_API_KEYS.get(name, name),):
        rule.pop(key, None)
        if key in theirs:
            rule[key] = theirs[key]


def _rules(item: Item) -> dict[str, Mapping[str, Any]]:
    """The rules of a group by uid, in their order."""
    rules = mappings(item.content.get("rules"))
    return {scalar_text(rule.get("uid")) or scalar_text(rule.get("title")): rule for rule in rules}
