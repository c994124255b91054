"""What was edited of alert rules in a Grafana becomes edits of their specs, proved rule by rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from dashgen.compare import Resources, compare
from dashgen.compare.change_values import leaves
from dashgen.compare.compare_others import group_details
from dashgen.core.json_values import ABSENT, at, mappings, scalar_text
from dashgen.formats.resources import RULE_GROUP, Key, Resource
from dashgen.model.duration import one_unit
from dashgen.source.edit import EditError, InsertItem, MoveItem, Remove, edited
from dashgen.source.source import Path
from dashgen.sync.pull.data_changes import DataChange, moves
from dashgen.sync.pull.loop_iterations import copies, iteration_paths
from dashgen.sync.pull.rule_building import BuiltGroup, RuleGroups, placed
from dashgen.sync.pull.rule_keys import RuleOptions, new_rule, rule_changes
from dashgen.sync.pull.spec_patch import DocumentEdit, spot
from dashgen.sync.pull.value_places import ways
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.resource_kind import FolderPath
from dashgen.sync.push.normal_items import normal
from dashgen.sync.push.step_texts import change_sentences

Rest: TypeAlias = dict[Key, frozenset[tuple[Any, ...]]]
_GONE = (("gone",),)
_MOST_WAYS = 8
_SHOWN = 3
_TESTED = (
    "query",
    "queries",
    "on",
    "when",
    "recover",
    "reduce",
    "over",
    "for",
    "keep_firing_for",
    "no_data",
    "raw",
)


@dataclass(slots=True)
class TakenGroup:
    """A rule group and what of it could be taken over.

    Attributes:
        texts: the texts of the spec files then.
        edits: the edits that were made, in their order.
        taken: what was taken over, in words.
        left: what cannot be taken over, in words.
        notes: what people should look at.
    """

    texts: dict[str, str]
    edits: list[DocumentEdit] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether the specs build exactly what is there."""
        return not self.left


def take_group(
    groups: RuleGroups, texts: Mapping[str, str], wanted: Item, live: Item, titles: FolderPath
) -> TakenGroup:
    """Make the specs of a rule group say what it says in a Grafana, as far as each of its rules can be proved.

    Args:
        groups: builds the groups of the project.
        texts: the texts of the spec files.
        wanted: the group as the specs build it.
        live: the group as it is there.
        titles: the path of titles of a folder, by its uid.
    """
    taken_group = TakenGroup(dict(texts))
    built = groups.built(texts, wanted.title)
    if built is None:
        taken_group.left = ["the group cannot be found in the specs"]
        return taken_group
    editor = _GroupEditor(groups, taken_group, built, wanted, live)
    editor.interval()
    live_rules = {scalar_text(rule.get("uid")): rule for rule in mappings(live.content.get("rules"))}
    spec_uids = {scalar_text(rule.get("uid")) for rule in mappings(wanted.content.get("rules"))}
    missing = {uid: editor.take(rule) for uid, rule in live_rules.items()}
    for uid in spec_uids - live_rules.keys() if live_rules else ():
        editor.remove(uid)
    editor.order()
    before, there, now = (
        {one.key: one for one in normal(item, titles)} for item in (wanted, live, editor.item)
    )
    for key in {**before, **there}:
        sentences = list(_sentences(before.get(key), there.get(key)))
        if not list(_sentences(now.get(key), there.get(key))):
            was_deleted = key in before and key not in there
            taken_group.taken += (
                [f"rule {before[key].title}: deleted in Grafana"] if was_deleted else sentences
            )
            taken_group.notes += (
                editor.notes(key[1], missing.get(key[1], "")) if sentences and not was_deleted else ()
            )
        elif key not in there and key[1] in spec_uids:
            title = before[key].title
            taken_group.left.append(f"rule {title}: deleted in Grafana; remove it where the specs make it")
        else:
            why = missing.get(key[1], "")
            taken_group.left += [
                f"{one}; there is no word for it: {why}" if why else one for one in sentences
            ]
    return taken_group


def _sentences(old: Resource | None, new: Resource | None) -> Iterator[str]:
    sides = [Resources([side] if side else []) for side in (old, new)]
    return change_sentences(compare(*sides))


class _GroupEditor:
    """Edits the texts of one group, each time only if the build is nearer to what is there."""

    def __init__(
        self, groups: RuleGroups, found: TakenGroup, built: BuiltGroup, wanted: Item, live: Item
    ) -> None:
        self.groups = groups
        self.found = found
        self.built = built
        self.wanted = wanted
        self.live = live
        self.rest = self._rest(self.item)
        data = built.document.resolved.data
        self.first = {rule.uid: at(data, rule.placed.path) for rule in built.settled.rules}

    @property
    def item(self) -> Item:
        """The group as it is built now."""
        return placed(self.built, self.wanted)

    def interval(self) -> None:
        """How often the rules are evaluated."""
        length = self.live.content.get("interval")
        if isinstance(length, int) and length != self.item.content.get("interval"):
            self._make([[[DataChange(("interval",), one_unit(length * 1000))]]], keep=True)

    def take(self, live: Mapping[str, Any]) -> str:
        """Bring one rule to what is there; why that cannot be, when the language has no word for something."""
        uid = scalar_text(live.get("uid"))
        if not any(key[1] == uid for key in self.rest):
            return ""
        around = self.groups.around(self.built)
        data = self.built.document.resolved.data
        rules = mappings(self.built.item.content.get("rules"))
        own = next((rule for rule in rules if scalar_text(rule.get("uid")) == uid), None)
        path = self._path(uid)
        if own is None or path is None:
            words, missing = new_rule(live, data, around)
            self._add(words)
            return missing
        changes = rule_changes(own, live, data, path, around)
        self._make(changes.options, keep=False, only=uid)
        return changes.missing

    def notes(self, uid: str, missing: str) -> list[str]:
        """What people should look at in a rule that was taken over: words that are no longer true, and its tests."""
        title = self._title(uid)
        raw = [f"rule {title}: {missing}: `raw:` says it, and the words beside it are those from before"]
        return [*(raw if missing else ()), *self._tests(uid, title)]

    def _tests(self, uid: str, title: str) -> list[str]:
        path = self._path(uid)
        rule = at(self.built.document.resolved.data, path) if path is not None else ABSENT
        old = self.first.get(uid, ABSENT)
        tests = at(rule, ("tests",))
        if not isinstance(tests, list) or all(at(rule, (word,)) == at(old, (word,)) for word in _TESTED):
            return []
        names = ", ".join(f'"{at(test, ("name",))}"' for test in tests[:_SHOWN])
        more = f" and {len(tests) - _SHOWN} more" if len(tests) > _SHOWN else ""
        return [f"rule {title}: see whether its tests still hold: {names}{more}"]

    def order(self) -> None:
        """The rules in the order in which they are evaluated there, when each is an item of its own."""
        live_order = [scalar_text(rule.get("uid")) for rule in mappings(self.live.content.get("rules"))]
        built_order = [rule.uid for rule in self.built.settled.rules if rule.uid in live_order]
        order = [uid for uid in live_order if uid in built_order]
        locations = [
            copies(self.built.document.resolved, path) for uid in built_order if (path := self._path(uid))
        ]
        lists = {
            (one.place.document.file, one.place.document.index, one.place.path[:-1]) for one in locations
        }
        if built_order == order or len(lists) != 1 or any(one.count != 1 for one in locations):
            return
        numbers = [one.place.path[-1] for one in locations]
        place, spots = locations[0].place, []
        for change in moves(built_order, order, ()):
            index, to = numbers[change.value.index], numbers[change.value.to]
            if isinstance(index, int) and isinstance(to, int):
                spots.append(spot(place, MoveItem(place.path[:-1], index, to)))
        self._edit(spots)

    def _title(self, uid: str) -> str:
        rules = mappings(self.built.item.content.get("rules"))
        return next(
            (scalar_text(rule.get("title")) for rule in rules if scalar_text(rule.get("uid")) == uid), uid
        )

    def remove(self, uid: str) -> None:
        """Take a rule out that is not there any more, or the iteration of the loop that makes it."""
        path = self._path(uid)
        if path is not None:
            found = copies(self.built.document.resolved, path)
            places = [found.place.path] if found.count == 1 else iteration_paths(found)
            any(self._edit([spot(found.place, Remove(place))]) for place in places)

    def _path(self, uid: str) -> Path | None:
        """Where a rule stands in the resolved document."""
        rules = self.built.settled.rules
        return next((rule.placed.path for rule in rules if rule.uid == uid), None)

    def _make(self, options_by_key: Sequence[RuleOptions], *, keep: bool, only: str = "") -> None:
        """Try the options of each key, then those together that were not enough alone.

        Args:
            options_by_key: the ways to try for each key.
            keep: whether to keep what is nearer and not all of it.
            only: the rule that this is about.
        """
        before = replace(self.found, texts=dict(self.found.texts), edits=list(self.found.edits))
        before_build = self.built, self.rest
        waiting = [options for options in options_by_key if not any(map(self._attempt, options))]
        if len(waiting) > 1:
            self._attempt([change for options in waiting for change in options[0]])
        if not keep and any(key[1] == only for key in self.rest):
            self.found.texts, self.found.edits = before.texts, before.edits
            self.built, self.rest = before_build

    def _attempt(self, changes: Sequence[DataChange]) -> bool:
        return any(self._edit(spots) for spots in self._spellings(changes))

    def _spellings(self, changes: Sequence[DataChange]) -> Iterator[list[DocumentEdit]]:
        """The ways in which changes of resolved data can be written."""
        resolved = self.built.document.resolved
        own = resolved.data.get("vars")
        scope = self.groups.building.compiler.scope.variables
        variables = {**scope, **(own if isinstance(own, dict) else {})}
        spellings = [ways(resolved, change.path, change.value, variables) for change in changes]
        if not spellings or not all(spellings):
            return
        for number in range(min(max(map(len, spellings)), _MOST_WAYS)):
            yield [some[min(number, len(some) - 1)] for some in spellings]

    def _add(self, rules: list[dict[str, Any]]) -> None:
        """Add a rule that somebody made in Grafana behind the others."""
        document = self.built.document.resolved.document
        rules_before = at(document.data, ("rules",))
        if isinstance(rules_before, list):
            edits = (InsertItem(("rules",), len(rules_before), words) for words in rules)
            any(self._edit([DocumentEdit(document.file, document.index, edit)]) for edit in edits)

    def _edit(self, spots: Sequence[DocumentEdit]) -> bool:
        """Make edits if the build is nearer to what is there, and nothing that was right is wrong then."""
        texts = dict(self.found.texts)
        try:
            for spot in spots:
                texts[spot.file] = edited(spot.file, texts[spot.file], spot.document, [spot.edit])
        except (EditError, KeyError):
            return False
        built = self.groups.built(texts, self.wanted.title)
        if built is None:
            return False
        rest = self._rest(placed(built, self.wanted))
        if not _is_nearer(self.rest, rest):
            return False
        self.found.texts, self.built, self.rest = texts, built, rest
        self.found.edits += spots
        return True

    def _rest(self, item: Item) -> Rest:
        """Where the group as it is built differs from what is there."""
        ours, theirs = ({one.key: one for one in normal(side)} for side in (item, self.live))
        differences: Rest = {}
        for key in {**ours, **theirs}:
            paths = frozenset(_differing(ours.get(key), theirs.get(key)))
            if paths:
                differences[key] = paths
        return differences


def _differing(old: Resource | None, new: Resource | None) -> Iterator[tuple[Any, ...]]:
    if old is None or new is None:
        yield from _GONE
        return
    if old.title != new.title and old.kind != RULE_GROUP:
        yield ("title",)
    if old.kind == RULE_GROUP:
        # Rules that came or went say so themselves.
        yield from (detail.path for detail in group_details(old, new))
        return
    for path, _, _ in leaves(old.data, new.data):
        yield path


def _is_nearer(old: Rest, new: Rest) -> bool:
    before, after = (sum(map(len, rest.values())) for rest in (old, new))
    return after < before and new.keys() <= old.keys()
