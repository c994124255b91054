"""A push to one Grafana: read, compare, plan, and on request apply."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, field

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.errors import DashgenError
from dashgen.formats import resources as kinds
from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.required_permissions import (
    MissingPermission,
    Need,
    missing_permissions,
    permission_problems,
    require_permissions,
)
from dashgen.servers.http import Secret
from dashgen.sync.push.apply_plan import AppliedSteps, Applier, StepOutcome
from dashgen.sync.push.backup import back_up
from dashgen.sync.push.dashboard_form import V2, FormPolicy, form_policy, losses
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.folder_placing import FolderTitles, complete_folders, place_in_folders
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.kinds.resource_kind import ReadRequest, WriteContext, uids_by_kind
from dashgen.sync.push.live_items import read_live
from dashgen.sync.push.past_versions import read_histories
from dashgen.sync.push.push_needs import FOLDERS_READ, FolderChains, read_needs, write_needs
from dashgen.sync.push.push_plan import (
    WRITES,
    PlanOptions,
    PushStep,
    Sides,
    StepAction,
    moving_members,
    plan,
    unsure,
)
from dashgen.sync.push.push_state import PushState, open_state
from dashgen.sync.push.rotation import examine
from dashgen.sync.push.secret_references import missing, secrets
from dashgen.sync.push.server_check import at_lines, complaints

_ALWAYS: Final = 12
"""The major version that projects are written for when they name none (`grafana` in
model/project_file.py)."""


class Push(Struct):
    """A planned push to one Grafana; nothing has been written."""

    chosen: Chosen
    root: Path
    grafana: Grafana
    state: PushState
    sides: Sides
    steps: list[PushStep]
    notes: list[Diagnostic] = []
    backup: Path | None = None
    applied: AppliedSteps | None = None

    @property
    def writes(self) -> list[PushStep]:
        """The steps that change something."""
        return [step for step in self.steps if step.act in WRITES]

    @property
    def unchanged(self) -> list[PushStep]:
        """The steps about what is as it should be."""
        return [step for step in self.steps if step.act is StepAction.UNCHANGED]

    @property
    def blocked(self) -> bool:
        """Whether somebody else's work is in the way of anything."""
        return any(step.act in (StepAction.CONFLICT, StepAction.REFUSED) for step in self.steps)

    @property
    def secrets(self) -> set[str]:
        """What no output may show."""
        items = (step.wanted for step in self.steps if step.wanted and _refers(step))
        return set().union(*(secrets(item.content, self.sides.environment) for item in items))

    def apply(self, message: str, tell: Callable[[StepOutcome], None]) -> AppliedSteps:
        """Take the steps.

        Args:
            message: why, for the history.
            tell: takes each outcome as soon as it is known.

        Raises:
            DashgenError: a secret is missing, or a backup cannot be written; then nothing has been changed.
        """
        # First what may stop a push, then the backup of what it changes, then the first write.
        self.require_permissions()
        self._require_secrets()
        self.backup = back_up(self.root, self.chosen.settings.url, self.steps)
        stage, ledger = self.sides.stage, self.sides.live.ledger
        moving = moving_members(self.steps)
        context = WriteContext(self.grafana, self.sides.environment, message, stage, moving)
        applier = Applier(context, ledger, self.state, tell)
        self.applied = applier.applied
        return applier.take(self.steps)

    def check(self) -> list[Diagnostic]:
        """What Grafana would refuse of the dashboards that are to be written, at the lines of the specs.

        Nothing is written.

        Raises:
            DashgenError: the specs cannot be read any more.
        """
        refusals = complaints(self.grafana, self.steps)
        return at_lines(refusals, self.root, self.chosen.environment) if refusals else []

    def missing(self) -> list[MissingPermission]:
        """The permissions that the account lacks for the steps."""
        return missing_permissions(self._needs(), self.grafana.capabilities.permissions)

    def require_permissions(self) -> None:
        """End before anything is written, when the account may not write all of it.

        Raises:
            ForbiddenError: it lacks permissions, which the message names.
        """
        capabilities = self.grafana.capabilities
        require_permissions(self._needs(), capabilities.permissions, capabilities.login, "nothing was pushed")

    def _needs(self) -> Iterator[Need]:
        folders = (live.item for live in self.sides.live if live.item.kind == kinds.FOLDER)
        chains = FolderChains({folder.uid: folder.folder_uid for folder in folders})
        return write_needs(self.grafana, self.steps, chains)

    def _require_secrets(self) -> None:
        lacking: dict[str, str] = {}
        for step in self.writes:
            if step.wanted is not None and _refers(step):
                for name in missing(step.wanted.content, self.sides.environment):
                    lacking.setdefault(name, step.label)
        if lacking:
            listed = ", ".join(f"`{name}` ({step_label})" for name, step_label in sorted(lacking.items()))
            raise DashgenError(f"nothing was pushed, because these are not set in the environment: {listed}")


def _refers(step: PushStep) -> bool:
    return step.wanted is not None and kind_of(step.wanted).has_references


class PushRequest(Struct, frozen=True):
    """How to push.

    Attributes:
        options: what the user allows.
        whole: whether all of the specs count.
        writes: whether anything is written.
        previews: whether it is shown what a push would do, and so what it would not be allowed to.
    """

    options: PlanOptions = field(default_factory=PlanOptions)
    whole: bool = True
    writes: bool = True
    previews: bool = False


@contextmanager
def open_push(
    root: Path, chosen: Chosen, desired: Desired, environment: Mapping[str, str], request: PushRequest
) -> Iterator[Push]:
    """Read a Grafana and plan a push to it.

    Args:
        root: the project's folder.
        chosen: the Grafana.
        desired: what the specs define.
        environment: what references are resolved with.
        request: how.

    Raises:
        GrafanaError: it cannot be read.
        DashgenError: another push to it is running.
    """
    writes = request.writes
    with (
        open_state(root, *chosen.memory, writes=writes) as state,
        Grafana(chosen.settings, forms=DASHBOARD_FORMS) as grafana,
    ):
        # Before the first request, so that no error of it shows a secret.
        hide_secrets(grafana, desired.items, environment)
        # Asked before anything else: all clients depend on it, and several threads would ask each for
        # themselves.
        capabilities = grafana.capabilities
        held, login = capabilities.permissions, capabilities.login
        require_permissions([FOLDERS_READ], held, login, "nothing was read")
        policy = form_policy(chosen, capabilities)
        folders = grafana.folders.everything()
        chains = FolderChains({folder.uid: folder.parent_uid for folder in folders})
        placed = place_in_folders(desired, folders, state.uids(kinds.FOLDER))
        to_read = _read_request(chosen, placed.items, folders, state, whole=request.whole)
        needs = read_needs(grafana, placed.items, chains, remembered=to_read.uids)
        require_permissions(needs, held, login, "nothing was read")
        live = read_live(grafana, msgspec.structs.replace(to_read, policy=policy))
        placed.items = [kind_of(item).fitted(item, live.get(item.key), policy) for item in placed.items]
        complete_folders(grafana, placed.items, live, state)
        # Folders that this push will make have no titles in Grafana yet.
        titles = FolderTitles(folders)
        titles.add([item for item in placed.items if live.get(item.key) is None])
        stage = chosen.environment or ""
        sides = Sides(placed.items, live, state.entries, titles, environment, stage=stage)
        # A history costs a request, so only those are read that a decision depends on.
        sides.histories = read_histories(grafana, unsure(sides))
        sides.otherwise = placed.otherwise
        sides.rotation = examine(placed.items, live, state.entries, environment)
        steps = plan(sides, request.options, whole=request.whole)
        notes = [*chosen.warnings, *_notes(grafana, chosen)]
        notes += [Diagnostic("grafana/folder", remark, severity=Severity.INFO) for remark in sides.otherwise]
        notes += _form_notes(chosen, policy, steps)
        notes += sides.rotation.notes if writes and not request.options.force else []
        push = Push(chosen, root, grafana, state, sides, steps, notes)
        if request.previews:
            push.notes += permission_problems(push.missing(), login, Severity.WARNING)
        yield push


def _form_notes(chosen: Chosen, policy: FormPolicy, steps: Sequence[PushStep]) -> Iterator[Diagnostic]:
    """What dashboards lose in the classic form, and a format that this Grafana cannot store."""
    if policy.setting == V2 and not policy.stores_v2:
        message = f"{chosen.shown} stores no dashboards in schema v2, so they are written as classic JSON"
        yield Diagnostic("grafana/format", message, hint="use Grafana 13 or newer", severity=Severity.WARNING)
    for step in steps:
        if (
            step.act in (StepAction.CREATE, StepAction.UPDATE)
            and step.wanted
            and (lost := losses(step.wanted))
        ):
            message = f"{step.label} is written as classic JSON: {'; '.join(lost)}"
            hint = "only schema v2 has them, which Grafana 13 stores (`format: auto`)"
            yield Diagnostic("grafana/format", message, hint=hint, severity=Severity.WARNING)


def hide_secrets(grafana: Grafana, items: Iterable[Item], environment: Mapping[str, str]) -> None:
    """Keep the values that references stand for out of all messages, also when a server repeats them."""
    referring = (item.content for item in items if kind_of(item).has_references)
    values = set().union(*(secrets(content, environment) for content in referring))
    grafana.session.hide(map(Secret, sorted(values)))


def _read_request(
    chosen: Chosen, items: Sequence[Item], folders: Sequence[LiveFolder], state: PushState, *, whole: bool
) -> ReadRequest:
    """What to read: the desired items and, of a whole push, what was pushed before and may be deleted."""
    uids = uids_by_kind([*(item.key for item in items), *(state.entries if whole else ())])
    pushed = {
        item.uid: entry.version
        for item in items
        if kind_of(item).has_history
        and (entry := state.get(item.key))
        and entry.version
        and entry.source == item.source != ""
    }
    desired_items = {item.key: item for item in items}
    return ReadRequest(uids, folders, desired_items, pushed, chosen.environment or "")


def _notes(grafana: Grafana, chosen: Chosen) -> list[Diagnostic]:
    """What a user should know of the Grafana."""
    capabilities = grafana.capabilities
    notes = [note for note in capabilities.diagnostics() if note.severity is not Severity.INFO]
    # Older than what every project is written for without saying so is no news: the classic form serves it.
    if capabilities.major is not None and _major(chosen.written_for) > max(capabilities.major, _ALWAYS):
        message = f"the specs are for Grafana {chosen.written_for} (`grafana:` in dashgen.yaml), and this is "
        hint = "what it does not know it drops or shows in another way: look at the diff, or update it"
        notes.append(
            Diagnostic(
                "grafana/version", message + capabilities.version, hint=hint, severity=Severity.WARNING
            )
        )
    return notes


def _major(version: str) -> int:
    number = version.partition(".")[0]
    return int(number) if number.isdecimal() else 0
