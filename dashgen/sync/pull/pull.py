"""Turn what was edited in a Grafana into a patch of the specs, proved before anything is written."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare.change_texts import quoted
from dashgen.compile.outputs.dashboard_forms import classic_fallback
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import scalar_text
from dashgen.formats import resources as kinds
from dashgen.sync.pull.dashboard_search import DashboardEditor, DashboardSearch, Goal, make_goal, panels_by_id
from dashgen.sync.pull.leaves import difference_sentences
from dashgen.sync.pull.lost_panels import without_lost_panels
from dashgen.sync.pull.pull_sides import Edited, edited_dashboard
from dashgen.sync.pull.pulled_project import BuiltDashboard, PulledProject
from dashgen.sync.pull.section_conversions import unconverted_components
from dashgen.sync.pull.take_dashboard import take_over
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.normal_items import differences
from dashgen.sync.push.push import Push
from dashgen.sync.push.push_plan import StepAction
from dashgen.sync.push.step_texts import change_sentences

_SOME = "the specs cannot express the rest; it stays in Grafana until a push overwrites it with `--force`"


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


_CLASSIC = "classic"
_SQUEEZED = (
    "Grafana stores its classic form, in which tabs are rows: write `format: v2`, push it, and edit it there"
)
_CANNOT = "the specs cannot be made to build it"
_FIXED = (
    "rows and tabs come from the components {}, whose bodies say which of both they are: "
    "write out here what these give, or use others"
)
_EXIT_CODES = {
    PullState.PARTLY: 4,
    PullState.SOME: 1,
    PullState.CONFLICT: 4,
    PullState.LEFT: 1,
    PullState.REFUSED: 1,
}


class Pulled(Struct):
    """A dashboard and what became of it.

    Attributes:
        item: the dashboard as it is in Grafana, or as the specs build it when it is gone.
        state: what became of it.
        taken: what was taken over, in words.
        left: what was not, in words.
        reason: why it was not.
        live: what is in Grafana, when all of it is in the specs now.
        before: what the specs built before.
        notes: what people should look at.
    """

    item: Item
    state: PullState
    taken: list[str] = []
    left: list[str] = []
    reason: str = ""
    live: LiveItem | None = None
    before: Item | None = None
    notes: list[str] = []

    @property
    def exit_code(self) -> int:
        """What a command ends with because of it."""
        return _EXIT_CODES.get(self.state, 0)


class Pull(Struct):
    """What a pull makes of a project: nothing is written yet.

    Attributes:
        before: the texts of the spec files.
        after: what they become.
        dashboards: what became of each that does not match the specs.
        problems: what would be wrong with the specs, so that nothing may be written.
    """

    before: Mapping[str, str]
    after: dict[str, str]
    dashboards: list[Pulled] = []
    problems: list[Diagnostic] = []

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
    edits: list[Edited] = []
    for step in push.steps:
        if step.item.kind != kinds.DASHBOARD:
            continue
        if step.act is StepAction.CREATE and step.reason:
            # Whether the spec should go too is not for a pull to decide.
            result.dashboards.append(Pulled(step.item, PullState.GONE, reason="the specs still build it"))
        elif edited := edited_dashboard(step, push.sides, theirs=theirs):
            edits.append(edited)
    if edits:
        _take(result, project, push, edits)
    return result


def _needs_v2(built: BuiltDashboard) -> bool:
    """Whether a dashboard has what only schema v2 holds."""
    return classic_fallback(built.data) != built.data


def _take(result: Pull, project: PulledProject, push: Push, edits: list[Edited]) -> None:
    """Take over one dashboard after the other; what is kept of one is looked at again after the last."""
    building = project.built(project.texts)
    goals = {}
    for edited in edits:
        built = building.dashboards[edited.built.uid]
        if edited.data is not None and edited.built.form == _CLASSIC and _needs_v2(built):
            # What Grafana has of it lacks its tabs and conditions, which nobody took away.
            edited.data, edited.reason = None, _SQUEEZED
        if edited.data is not None:
            takes_folder = edited.moved and edited.whole
            titles = push.sides.titles(edited.live.item.folder_uid) if takes_folder else built.titles
            goals[built.uid] = make_goal(built, edited.data, titles)
    search = DashboardSearch(project, dict(project.texts), building, goals)
    pulled = [_pulled(edited, search, push) for edited in edits]
    result.dashboards += pulled
    taken = [one for one in pulled if one.state in (PullState.TAKEN, PullState.PARTLY)]
    # A component that several dashboards use may have been changed for one and changed back for another.
    if any(uid == one.item.uid for uid, _ in search.state.rest for one in taken):
        for one in taken:
            one.state, one.live = PullState.LEFT, None
            one.reason = (
                "the edits of several dashboards cannot be taken over together; pull them with `--only`"
            )
        return
    result.after, notes = without_lost_panels(project, building, search.texts)
    for one in pulled:
        one.notes += notes.get(one.item.uid, [])
    result.problems = project.new_problems(project.texts, result.after)


def _pulled(edited: Edited, search: DashboardSearch, push: Push) -> Pulled:
    item = edited.live.item
    if edited.reason:
        state = PullState.REFUSED if edited.live.owner else PullState.CONFLICT
        return Pulled(item, state, reason=edited.reason)
    if edited.data is None:
        return Pulled(item, PullState.CONFLICT, left=edited.conflicts)
    # What one dashboard could not take is no reason to leave the others.
    before = search.texts
    take_over(search, edited.built.uid)
    left = _left(edited, search, push)
    notes = list(_notes(search.goals[edited.built.uid]))
    if left and (names := unconverted_components(DashboardEditor(search, edited.built.uid))):
        notes.append(_FIXED.format(", ".join(f"`{name}`" for name in names)))
    # Nothing at all could be written, so nothing is shown as taken.
    if left and search.texts == before:
        return Pulled(item, PullState.LEFT, left=left, reason=_CANNOT, notes=notes)
    if left:
        taken = [sentence for sentence in edited.taken if sentence not in left]
        return Pulled(item, PullState.SOME, taken, [*left, *edited.conflicts], reason=_SOME, notes=notes)
    if edited.conflicts:
        return Pulled(item, PullState.PARTLY, edited.taken, edited.conflicts, notes=notes)
    return Pulled(item, PullState.TAKEN, edited.taken, live=edited.live, before=edited.built, notes=notes)


def _notes(goal: Goal) -> Iterator[str]:
    """What the next push changes of new panels."""
    panels = [panel for number, panel in panels_by_id(goal.data).items() if number in goal.new]
    names = [quoted(scalar_text(panel.get("title"))) for panel in panels if panel.get("type") != "row"]
    if names:
        yield (
            f"new: {', '.join(names)}; the next push gives the number of the key, "
            "and the defaults of the specs where Grafana's editor filled in its own"
        )


def _left(edited: Edited, search: DashboardSearch, push: Push) -> list[str]:
    """What still differs between the build and its goal, in words.

    Nothing when it is proved to be the same.
    """
    uid = edited.built.uid
    built, goal = search.state.build.dashboards[uid], search.goals[uid]
    folder = edited.live.item.folder_uid if edited.moved and edited.whole else edited.built.folder_uid
    built_item = replace(edited.built, title=built.data["title"], content=built.data, folder_uid=folder)
    title = str(goal.data.get("title", ""))
    goal_item = replace(edited.live.item, content=goal.data, folder_uid=folder, title=title)
    sentences = list(change_sentences(differences(built_item, goal_item, push.sides.titles)))
    # The search compares places, which no sentence is about while the order of panels stays.
    return sentences or list(difference_sentences(goal.rest(built), goal.data))
