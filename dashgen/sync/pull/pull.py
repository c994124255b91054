"""Pull: what was edited in a Grafana becomes a patch of the specs, proved before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from dashgen.compare.change_texts import quoted
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import scalar_text
from dashgen.formats.panel_tree import every_panel
from dashgen.sync.pull.leaves import said_of
from dashgen.sync.pull.lost_panels import loosened
from dashgen.sync.pull.pull_sides import Edited, edited_dashboard, is_dashboard
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.spec_patch import Goal, Patch, goal
from dashgen.sync.pull.take_dashboard import take_over
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import StepAction
from dashgen.sync.push.step_texts import change_sentences

_SOME = "the rest has no words in the specs; it stays in Grafana until a push overwrites it with `--force`"


class PullState(StrEnum):
    """What became of a dashboard."""

    TAKEN = "taken over"
    PARTLY = "taken over, but for conflicts"
    SOME = "taken over in part"
    CONFLICT = "conflict"
    LEFT = "not taken over"
    REFUSED = "managed elsewhere"
    GONE = "deleted in Grafana"
    NEW = "new"


_CODES = {
    PullState.PARTLY: 4,
    PullState.SOME: 1,
    PullState.CONFLICT: 4,
    PullState.LEFT: 1,
    PullState.REFUSED: 1,
}


@dataclass(slots=True)
class Pulled:
    """A dashboard and what became of it.

    Attributes:
        item: the dashboard as it is there, or as the specs want it when it is gone.
        state: what became of it.
        taken: what was taken over, in words.
        left: what was not, in words.
        reason: why.
        live: what is there, when all of it is in the specs now.
        before: what the specs wanted before.
        notes: what people should look at.
    """

    item: Item
    state: PullState
    taken: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    reason: str = ""
    live: LiveItem | None = None
    before: Item | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """What a command ends with because of it."""
        return _CODES.get(self.state, 0)


@dataclass(slots=True)
class Pull:
    """What a pull makes of a project: nothing is written yet.

    Attributes:
        before: the texts of the spec files.
        after: what they become.
        dashboards: what became of each that is not as the specs say.
        problems: what would be wrong with the specs, so that nothing may be written.
    """

    before: Mapping[str, str]
    after: dict[str, str]
    dashboards: list[Pulled] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def new(self, root: Path) -> dict[Path, str]:
        """The texts of new files."""
        return {root / name: text for name, text in self.after.items() if name not in self.before}

    @property
    def changed(self) -> list[str]:
        """The files that change."""
        return [name for name, text in self.after.items() if self.before.get(name) != text]

    @property
    def exit_code(self) -> int:
        """What a command ends with."""
        return max((one.exit_code for one in self.dashboards), default=1 if self.problems else 0)


def pull(project: PulledProject, push: Push, *, theirs: bool = False) -> Pull:
    """Take over what was edited in a Grafana.

    Args:
        project: the project; no spec is wrong.
        push: what a push would do; it is never applied.
        theirs: whether to take over everything that is there, also where the specs changed.
    """
    result = Pull(project.texts, dict(project.texts))
    result.dashboards += list(_gone(push))
    edits = [
        edited
        for step in push.steps
        if is_dashboard(step) and (edited := edited_dashboard(step, push.sides, theirs=theirs))
    ]
    if edits:
        _take(result, project, push, edits)
    return result


def _take(result: Pull, project: PulledProject, push: Push, edits: list[Edited]) -> None:
    """Take over one dashboard after the other; what is kept of one is looked at again after the last."""
    building = project.built(project.texts)
    patch = Patch(project, dict(project.texts), building, {})
    goals = {edited.wanted.uid: _goal(edited, patch, push) for edited in edits if edited.data is not None}
    patch = Patch(project, dict(project.texts), building, goals)
    pulled = [_pulled(edited, patch, push) for edited in edits]
    result.dashboards += pulled
    taken = [one for one in pulled if one.state in (PullState.TAKEN, PullState.PARTLY)]
    if any(patch.rest[one.item.uid] for one in taken):
        for one in taken:
            one.state, one.live = PullState.LEFT, None
            one.reason = (
                "the edits of several dashboards cannot be taken over together; pull them with `--only`"
            )
        return
    loose = loosened(project, building, patch.texts)
    result.after = loose.texts
    for one in pulled:
        one.notes += loose.notes.get(one.item.uid, [])
    if result.changed:
        known_problems = {(one.rule, one.message) for one in project.check(building)}
        after = project.check(project.built(result.after))
        result.problems = [one for one in after if (one.rule, one.message) not in known_problems]


def _goal(edited: Edited, patch: Patch, push: Push) -> Goal:
    built = patch.dashboard(edited.wanted.uid)
    titles = push.sides.titles(edited.live.item.folder_uid) if edited.moved and edited.whole else built.titles
    return goal(built, edited.data or {}, titles)


def _gone(push: Push) -> Iterator[Pulled]:
    for step in push.steps:
        if is_dashboard(step) and step.act is StepAction.CREATE and step.reason:
            yield Pulled(step.item, PullState.GONE, reason="the specs still build it")


def _pulled(edited: Edited, patch: Patch, push: Push) -> Pulled:
    item = edited.live.item
    if edited.reason:
        state = PullState.REFUSED if edited.live.owner else PullState.CONFLICT
        return Pulled(item, state, reason=edited.reason)
    if edited.data is None:
        return Pulled(item, PullState.CONFLICT, left=edited.conflicts)
    snapshot = patch.keep()
    take_over(patch, edited.wanted.uid)
    left = _left(edited, patch, push)
    notes = list(_notes(patch, edited.wanted.uid))
    if left and patch.texts == snapshot.texts:
        return Pulled(item, PullState.LEFT, left=left, reason="the specs cannot be made to build it")
    if left:
        taken = [sentence for sentence in edited.taken if sentence not in left]
        return Pulled(item, PullState.SOME, taken, [*left, *edited.conflicts], reason=_SOME, notes=notes)
    if edited.conflicts:
        return Pulled(item, PullState.PARTLY, edited.taken, edited.conflicts, notes=notes)
    return Pulled(item, PullState.TAKEN, edited.taken, live=edited.live, before=edited.wanted, notes=notes)


def _notes(patch: Patch, uid: str) -> Iterator[str]:
    """What the next push makes of new panels."""
    new = patch.goals[uid].new
    every = every_panel(patch.goals[uid].data.get("panels"))
    names = [
        quoted(scalar_text(one.get("title")))
        for one in every
        if one.get("id") in new and one.get("type") != "row"
    ]
    if names:
        yield (
            f"new: {', '.join(names)}; the next push gives the number of the key, and the defaults of the specs where "
            "Grafana's editor filled in its own"
        )


def _left(edited: Edited, patch: Patch, push: Push) -> list[str]:
    """What still differs between the build and what it was to be, in words; nothing when it is proved to be the same."""
    uid = edited.wanted.uid
    built = patch.dashboard(uid)
    folder = edited.live.item.folder_uid if edited.moved and edited.whole else edited.wanted.folder_uid
    built_item = replace(edited.wanted, title=built.data["title"], content=built.data, folder_uid=folder)
    goal_data = dict(patch.goals[uid].data)
    aim = replace(
        edited.live.item, content=goal_data, folder_uid=folder, title=str(goal_data.get("title", ""))
    )
    sentences = list(change_sentences(differences(built_item, aim, push.sides.titles)))
    if not sentences and patch.rest[uid]:
        sentences = list(said_of(patch.rest[uid], goal_data))
    return sentences
