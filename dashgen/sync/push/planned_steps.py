"""Applying a plan from a file: exactly what was reviewed, and only when nothing moved since."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Change
from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.formats import resources as kinds
from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.sync.push.dashboard_form import form_change, form_policy
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.folder_placing import FolderTitles, complete_folders, folder_items, place_in_folders
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.kinds.resource_kind import ReadRequest, uids_by_kind
from dashgen.sync.push.live_items import read_live
from dashgen.sync.push.normal_items import differences, digest
from dashgen.sync.push.plan_file import PlanFile, PlannedStep, seen
from dashgen.sync.push.push import Push, hide_secrets
from dashgen.sync.push.push_plan import WRITES, PushStep, Sides, StepAction
from dashgen.sync.push.push_state import open_state
from dashgen.sync.push.step_texts import change_sentences
from dashgen.sync.push.verdict import Verdict
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.workspace import Workspace

_SINCE = "since the plan was made"
_MOST = 12


class OutdatedStep(Struct):
    """A step of a plan that cannot be taken any more: why, and what a push would now change besides."""

    step: PushStep
    reason: str
    other_changes: list[str] = []


class CheckedPlan(Struct):
    """A plan that was compared with its Grafana; nothing has been written."""

    push: Push
    moved: list[OutdatedStep]


def specs_fingerprint(workspace: Workspace) -> str:
    """What tells the specs of a project from those of another day; nothing where there are none."""
    files = {file.name: file.sha256 for file in workspace.spec_files()}
    # The project file decides on outputs and environments; a project may do without it.
    with suppress(OSError):
        files[PROJECT_FILE] = sha256(read_regular(workspace.root / PROJECT_FILE)).hexdigest()
    if not files:
        return ""
    listed = "\0".join(f"{name}\0{mark}" for name, mark in sorted(files.items()))
    return sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def require_target(plan: PlanFile, chosen: Chosen) -> None:
    """See that a plan is for the Grafana that was chosen.

    Raises:
        DashgenError: it is for another.
    """
    settings, target = chosen.settings, plan.target
    if (settings.url, settings.org_id) != (target.url, target.organization):
        plan_target = f"{target.url}{f' (organization {target.organization})' if target.organization else ''}"
        raise DashgenError(
            f"the plan is for another Grafana, {plan_target}; name that one, or make a new plan"
        )


@contextmanager
def open_planned(
    root: Path, chosen: Chosen, plan: PlanFile, environment: Mapping[str, str], desired: Desired | None
) -> Iterator[CheckedPlan]:
    """Compare a plan with its Grafana.

    Args:
        root: the project's folder.
        chosen: the Grafana.
        plan: the plan.
        environment: what references are resolved with.
        desired: what the specs want now; nothing when they are as they were.

    Raises:
        GrafanaError: it cannot be read.
        DashgenError: another push to it is running.
    """
    with (
        open_state(root, *chosen.memory, writes=True) as state,
        Grafana(chosen.settings, forms=DASHBOARD_FORMS) as grafana,
    ):
        hide_secrets(grafana, [step.item for step in plan.steps], environment)
        policy = form_policy(chosen, grafana.capabilities)
        folders = grafana.folders.everything()
        stage = chosen.environment or ""
        items = [step.item for step in plan.steps if step.content is not None]
        uids = uids_by_kind((step.kind, step.uid) for step in plan.steps)
        # Folders are read as the plan read them, with descriptions, or they would not be those that it has
        # seen.
        live = read_live(grafana, ReadRequest(uids, folders, folder_items(items), environment=stage))
        complete_folders(grafana, items, live, state)
        titles = FolderTitles(folders)
        # Folders that the plan makes have no titles in Grafana yet.
        titles.add([item for item in items if live.get(item.key) is None])
        sides = Sides(items, live, state.entries, titles, environment, stage=stage)
        specs = place_in_folders(desired, folders, state.uids(kinds.FOLDER)).items if desired else None
        now = {
            item.key: kind_of(item).fitted(item, live.get(item.key), policy)
            for item in (specs if specs is not None else ())
        }
        reader = _PlanChecker(plan, sides, now if specs is not None else None)
        steps = [reader.step(step) for step in plan.steps]
        yield CheckedPlan(Push(chosen, root, grafana, state, sides, steps, [*chosen.warnings]), reader.moved)


class _PlanChecker:
    """Turns the steps of a plan into steps that can be taken, and collects those that cannot."""

    def __init__(self, plan: PlanFile, sides: Sides, specs: Mapping[tuple[str, str], Item] | None) -> None:
        self.moved: list[OutdatedStep] = []
        self._sides = sides
        self._specs = specs
        planned_folders = {
            step.uid for step in plan.steps if step.kind == kinds.FOLDER and step.content is not None
        }
        self._folders = planned_folders | {
            live.item.uid for live in sides.live if live.item.kind == kinds.FOLDER
        }

    def step(self, planned: PlannedStep) -> PushStep:
        """One step as it can be taken now."""
        live = self._sides.live.get((planned.kind, planned.uid))
        item = planned.item if planned.content is not None else None
        shown = item or (live.item if live else planned.item)
        changes = tuple(self._differences(live, item)) if live and item else ()
        # A deletion is about what Grafana has, and about no spec.
        about = None if planned.action is StepAction.DELETE and live else shown
        step = PushStep(
            planned.action,
            about,
            live,
            changes,
            reason=planned.reason,
            verdict=planned.verdict,
            early=planned.early,
            specs=planned.specs_item,
        )
        if planned.action not in WRITES:
            return step
        if self._is_done(planned, live, item):
            return replace(step, act=StepAction.UNCHANGED, wanted=shown, changes=())
        reason = self._reason(planned, live, item)
        if reason:
            # What nobody has reviewed.
            besides = [sentence for sentence in change_sentences(changes) if sentence not in planned.changes]
            self.moved.append(OutdatedStep(step, reason, besides))
        return step

    def _differences(self, live: LiveItem, item: Item) -> list[Change]:
        form = [change] if (change := form_change(live.item, item)) else []
        return [*differences(live.item, item, self._sides.titles, self._sides.environment), *form]

    def _is_done(self, planned: PlannedStep, live: LiveItem | None, item: Item | None) -> bool:
        """Whether it is there already, as after an end in the middle."""
        if item is None:
            return live is None
        if live is None or (planned.seen is not None and seen(live) == planned.seen):
            return False
        return not self._differences(live, item)

    def _reason(self, planned: PlannedStep, live: LiveItem | None, item: Item | None) -> str:
        """Why a step cannot be taken any more; nothing when it can."""
        if planned.seen is None:
            if live is not None:
                return f"somebody made it in Grafana {_SINCE}"
        elif live is None:
            return f"it was deleted in Grafana {_SINCE}"
        elif live.owner and not (live.owner.yields and planned.verdict is Verdict.FOREIGN):
            return f"it is managed by {live.owner} by now"
        elif seen(live).fingerprint != planned.seen.fingerprint:
            return f"it was changed in Grafana {_SINCE}"
        # The content is the same, but a version tells that somebody saved it.
        elif seen(live) != planned.seen:
            return f"it was saved in Grafana {_SINCE}, though as it was"
        if planned.folder_uid and item is not None and planned.folder_uid not in self._folders:
            return f"its folder was deleted in Grafana {_SINCE}"
        return self._spec_reason(planned)

    def _spec_reason(self, planned: PlannedStep) -> str:
        # The specs are those that the plan was made from.
        if self._specs is None:
            return ""
        now = self._specs.get((planned.kind, planned.uid))
        if planned.action is StepAction.DELETE:
            return f"a spec defines it again {_SINCE}" if now else ""
        if now is None:
            return f"no spec defines it any more {_SINCE}"
        return "" if digest(now) == planned.wanted else f"its spec was changed {_SINCE}"


def moved_lines(planned: CheckedPlan) -> Iterator[str]:
    """What moved, for people."""
    yield planned.push.chosen.shown
    for one in planned.moved:
        yield f"  ! {one.step.label}: {one.reason}"
        for sentence in one.other_changes[:_MOST]:
            yield f"      a push would now also change: {sentence}"
