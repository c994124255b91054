"""Turn edits of alert rules made in Grafana into edits of their specs, each verified by a rebuild."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Resources, compare
from dashgen.compare.change_values import leaves
from dashgen.compare.compare_others import group_details
from dashgen.core.json_values import ABSENT, JsonPath, at, mappings, scalar_text
from dashgen.formats.resources import RULE_GROUP, Resource
from dashgen.model.duration import one_unit
from dashgen.source.edit import InsertItem, Remove
from dashgen.source.source import Path
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, moves
from dashgen.sync.pull.document_edits import DocumentEdit, Texts, edit_at
from dashgen.sync.pull.loop_iterations import iteration_of, loop_paths, moved_item
from dashgen.sync.pull.pull import Pull, Pulled, PullState
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.rule_building import BuiltGroup, RuleGroups
from dashgen.sync.pull.rule_keys import QUERY_KEYS, new_rule, rule_changes
from dashgen.sync.pull.search import Search, SearchState
from dashgen.sync.pull.value_origins import ScopedDocument
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import FolderPath
from dashgen.sync.push.normal_items import differences, normal
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import PushStep, Sides, StepAction, merged_with_edits
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict

_BOTH: Final = (
    "both the specs and Grafana changed since the last push, or what was pushed last is not known; "
    "`--theirs` takes everything that is there"
)
_GONE: Final[JsonPath] = ("gone",)
_SHOWN: Final = 3
_TESTED: Final = QUERY_KEYS - {"datasource"} | {"for", "keep_firing_for", "no_data", "raw"}
"""Keys that decide when a rule fires, so that tests of the rule may fail when they change."""


def add_rules(pull: Pull, project: PulledProject, push: Push, *, theirs: bool) -> None:
    """Take over what was edited of rule groups in a Grafana, after the dashboards.

    Args:
        pull: what is pulled; it gets the groups, and the texts with what was taken over.
        project: the project; no spec is wrong.
        push: what a push would do.
        theirs: whether to take over everything that is there, also where the specs changed.
    """
    # The untouched groups are reported before those that are edited.
    edited: list[_EditedGroup] = []
    for step in push.steps:
        if step.item.kind != RULE_GROUP:
            continue
        group = _edited_group(step, push.sides, theirs=theirs)
        if group is not None:
            edited.append(group)
        elif pulled := _not_taken(step, push):
            pull.dashboards.append(pulled)
    before = dict(pull.after)
    for group in edited:
        # A group may have changed components that the next one uses, so each starts from a build of its own.
        groups = RuleGroups(project, pull.after)
        taken = take_group(groups, group.built, group.goal, push.sides.titles)
        pull.after = dict(taken.texts)
        pull.dashboards.append(group.pulled(taken))
    if not pull.problems:
        pull.problems = project.new_problems(before, pull.after)


class _EditedGroup(Struct):
    """A group that somebody edited in Grafana.

    Attributes:
        built: what the specs build.
        live: what Grafana has.
        goal: what the specs are to build: what Grafana has, or both sides' changes together.
        clashes: what both sides changed, in words, which stays as it is in the specs.
    """

    built: Item
    live: LiveItem
    goal: Item
    clashes: list[str] = []

    def pulled(self, taken: "TakenGroup") -> Pulled:
        """What became of it."""
        left = [*taken.left, *(f"{clash}: the specs changed it too" for clash in self.clashes)]
        pulled = Pulled(self.live.item, PullState.LEFT, taken.taken, left, notes=taken.notes)
        if not left:
            pulled.state, pulled.live, pulled.before = PullState.TAKEN, self.live, self.built
        elif not taken.left:
            pulled.state = PullState.PARTLY if taken.taken else PullState.CONFLICT
        return pulled


def _edited_group(step: PushStep, sides: Sides, *, theirs: bool) -> _EditedGroup | None:
    """What of a group to take over; nothing when nobody edited it, or it is not known who did."""
    built, live = step.specs or step.wanted, step.live
    if built is None or live is None or (step.act is not StepAction.CONFLICT and step.specs is None):
        return None
    if theirs or sides.is_last_push(step):
        return _EditedGroup(built, live, live.item)
    merged = None
    if step.verdict is Verdict.EDITED:
        merged = merged_with_edits(built, live, sides.pushed.get(built.key))
    return _EditedGroup(built, live, merged.item, list(merged.clashes.values())) if merged else None


def _not_taken(step: PushStep, push: Push) -> Pulled | None:
    """A group of which nothing can be taken over, and why; nothing when nobody edited it."""
    if step.act is StepAction.CREATE and step.reason:
        return Pulled(step.item, PullState.GONE, reason="the specs still build it")
    if step.act is StepAction.REFUSED and step.live is not None:
        return Pulled(step.live.item, PullState.REFUSED, reason=step.reason)
    if step.act is not StepAction.CONFLICT or step.live is None or step.wanted is None:
        return None
    # Without the checksums of its parts at the last push there is no telling who changed what.
    sentences = list(change_sentences(differences(step.wanted, step.live.item, push.sides.titles)))
    return Pulled(step.live.item, PullState.CONFLICT, left=sentences, reason=_BOTH)


class TakenGroup(Struct):
    """A rule group and what of it could be taken over.

    Attributes:
        texts: the texts of the spec files then.
        taken: what was taken over, in words.
        left: what cannot be taken over, in words; nothing when the specs build exactly what is in Grafana.
        notes: what people should look at.
    """

    texts: Texts
    taken: list[str] = []
    left: list[str] = []
    notes: list[str] = []


def take_group(groups: RuleGroups, desired: Item, live: Item, titles: FolderPath) -> TakenGroup:
    """Edit the specs of a rule group so that they build what is in Grafana, as far as that can be proved.

    Args:
        groups: builds the groups of the project.
        desired: the group as the specs build it.
        live: the group as it is in Grafana.
        titles: the path of titles of a folder, by its uid.
    """
    built = groups.built(groups.texts, desired.title)
    if built is None:
        return TakenGroup(groups.texts, left=["the group cannot be found in the specs"])
    editor = _GroupEditor(groups, built, desired, live)
    editor.take_interval()
    live_rules = {scalar_text(rule.get("uid")): rule for rule in mappings(live.content.get("rules"))}
    built_uids = [scalar_text(rule.get("uid")) for rule in mappings(desired.content.get("rules"))]
    missing = {uid: editor.take_rule(rule) for uid, rule in live_rules.items()}
    # Without any rule the specs would build no group, which is a deletion and no edit.
    for uid in built_uids if live_rules else ():
        if uid not in live_rules:
            editor.remove_rule(uid)
    editor.take_order()
    taken = TakenGroup(editor.texts)
    before, in_grafana, now = (
        {one.key: one for one in normal(item, titles)} for item in (desired, live, editor.item)
    )
    for key in {**before, **in_grafana}:
        sentences = _sentences(before.get(key), in_grafana.get(key))
        was_deleted = key in before and key not in in_grafana
        without_key = missing.get(key[1], "")
        if not _sentences(now.get(key), in_grafana.get(key)):
            if was_deleted:
                taken.taken.append(f"rule {before[key].title}: deleted in Grafana")
            elif sentences:
                taken.taken += sentences
                taken.notes += editor.notes(key[1], without_key)
        elif was_deleted and key[1] in built_uids:
            title = before[key].title
            taken.left.append(f"rule {title}: deleted in Grafana; remove it where the specs make it")
        else:
            why = f"; the language has no key for it: {without_key}" if without_key else ""
            taken.left += [f"{sentence}{why}" for sentence in sentences]
    return taken


def _sentences(old: Resource | None, new: Resource | None) -> list[str]:
    sides = [Resources([side] if side else []) for side in (old, new)]
    return list(change_sentences(compare(*sides)))


class _GroupEditor(Search[BuiltGroup]):
    """The specs of one rule group on their way to what is in Grafana."""

    def __init__(self, groups: RuleGroups, built: BuiltGroup, desired: Item, live: Item) -> None:
        self.groups = groups
        self.desired = desired
        self.live = live
        self.state = self._compared(groups.texts, built)
        data = built.document.resolved.data
        self.first = {rule.uid: at(data, rule.placed.path) for rule in built.settled.rules}

    def state_of(self, texts: Texts) -> SearchState[BuiltGroup] | None:
        """What texts build to; nothing when they do not, or change more than the group."""
        built = self.groups.built(texts, self.desired.title)
        return self._compared(texts, built) if built is not None else None

    def _compared(self, texts: Texts, built: BuiltGroup) -> SearchState[BuiltGroup]:
        ours, theirs = ({one.key: one for one in normal(side)} for side in (self._item(built), self.live))
        rest = {
            key: paths for key in {**ours, **theirs} if (paths := _differing(ours.get(key), theirs.get(key)))
        }
        return SearchState(texts, built, rest)

    def _item(self, built: BuiltGroup) -> Item:
        """A built group in the folder of the one that a push would write."""
        return replace(self.desired, content={**self.desired.content, **built.item.content})

    @property
    def item(self) -> Item:
        """The group as it is built now."""
        return self._item(self.state.build)

    def take_interval(self) -> None:
        """Take over how often the rules are evaluated."""
        length = self.live.content.get("interval")
        if isinstance(length, int) and length != self.item.content.get("interval"):
            self._attempt_changes([[DataChange(("interval",), one_unit(length * 1000))]])

    def take_rule(self, live: Mapping[str, Any]) -> str:
        """Bring one rule to what is in Grafana, or leave it.

        Returns what of it the language has no key for.
        """
        uid = scalar_text(live.get("uid"))
        if not self._differs(uid):
            return ""
        context = self.groups.group_context(self.state.build)
        data = self.state.build.document.resolved.data
        own, path = self._rule(uid), self._path(uid)
        if own is None or path is None:
            rules, missing = new_rule(live, data, context)
            self._add_rule(rules)
            return missing
        changes = rule_changes(own, live, data, path, context)
        snapshot = self.state
        waiting = [options for options in changes.options if not self._attempt_changes(options)]
        if len(waiting) > 1:
            # Some are right only together, such as a condition and the query that it is about.
            self._attempt_changes([[change for options in waiting for change in options[0]]])
        if self._differs(uid):
            # A rule is taken over as a whole or not at all: half of an edit is a rule that nobody wrote.
            self.state = snapshot
        return changes.missing

    def remove_rule(self, uid: str) -> None:
        """Remove a rule that is gone, or the iteration of the loop that makes it."""
        if (path := self._path(uid)) is not None:
            iteration = iteration_of(self.state.build.document.resolved, path)
            paths = [iteration.origin.path] if iteration.count == 1 else loop_paths(iteration)
            any(self._attempt([edit_at(iteration.origin, Remove(path))]) for path in paths)

    def take_order(self) -> None:
        """Bring the rules into the order in which Grafana evaluates them, when each is written by itself."""
        rules = self.state.build.settled.rules
        live_order = [scalar_text(rule.get("uid")) for rule in mappings(self.live.content.get("rules"))]
        built = [rule for rule in rules if rule.uid in live_order]
        built_order = [rule.uid for rule in built]
        resolved = self.state.build.document.resolved
        iterations = [iteration_of(resolved, rule.placed.path) for rule in built]
        order = [uid for uid in live_order if uid in built_order]
        edits = [moved_item(iterations, move.index, move.to) for move in moves(built_order, order)]
        move_edits = [edit for edit in edits if edit]
        if move_edits and len(move_edits) == len(edits):
            self._attempt(move_edits)

    def notes(self, uid: str, missing: str) -> Iterator[str]:
        """What to look at in a rule that was taken over: keys that are untrue now, and its tests."""
        rule, path = self._rule(uid), self._path(uid)
        title = scalar_text(rule.get("title")) if rule else uid
        if missing:
            yield f"rule {title}: {missing}: it is in `raw:`, and the keys beside it are those from before"
        spec_rule = at(self.state.build.document.resolved.data, path) if path is not None else ABSENT
        old = self.first.get(uid, ABSENT)
        tests = at(spec_rule, ("tests",))
        if isinstance(tests, list) and any(at(spec_rule, (key,)) != at(old, (key,)) for key in _TESTED):
            names = ", ".join(f'"{at(test, ("name",))}"' for test in tests[:_SHOWN])
            more = f" and {len(tests) - _SHOWN} more" if len(tests) > _SHOWN else ""
            yield f"rule {title}: see whether its tests still hold: {names}{more}"

    def _rule(self, uid: str) -> Mapping[str, Any] | None:
        """A rule as it is built now, in the JSON of Grafana's API."""
        rules = mappings(self.state.build.item.content.get("rules"))
        return next((rule for rule in rules if scalar_text(rule.get("uid")) == uid), None)

    def _path(self, uid: str) -> Path | None:
        """Where a rule is in the resolved document."""
        rules = self.state.build.settled.rules
        return next((rule.placed.path for rule in rules if rule.uid == uid), None)

    def _differs(self, uid: str) -> bool:
        return any(key[1] == uid for key in self.state.rest)

    def _add_rule(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        """Add a rule that somebody made in Grafana behind the others, in the first form that builds it."""
        resolved = self.state.build.document.resolved
        rules = at(resolved.document.data, ("rules",))
        if isinstance(rules, list):
            edits = (InsertItem(("rules",), len(rules), dict(keys)) for keys in candidates)
            any(self._attempt([edit_at(resolved.origin(), edit)]) for edit in edits)

    def _attempt(self, edits: Sequence[DocumentEdit]) -> bool:
        # Rules that differ already may differ in other ways; the others must stay as they are.
        return self.attempt(edits, self.state.rest)

    def _attempt_changes(self, options: ChangeOptions) -> bool:
        variables = self.groups.building.compiler.scope.variables
        document = ScopedDocument.of(self.state.build.document.resolved, variables)
        return self.attempt_changes(document, options, self.state.rest)


def _differing(old: Resource | None, new: Resource | None) -> frozenset[JsonPath]:
    """The paths at which two rules, or the groups themselves, differ."""
    if old is None or new is None:
        return frozenset((_GONE,))
    if old.kind == RULE_GROUP:
        # Rules that came or went are parts of their own.
        return frozenset(detail.path for detail in group_details(old, new))
    paths = {path for path, _, _ in leaves(old.data, new.data)}
    return frozenset(paths | {("title",)} if old.title != new.title else paths)
