"""A push to one Grafana: read, compare, plan, and on request apply."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.errors import DashgenError
from dashgen.formats import resources as kinds
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.folders_api import Folder
from dashgen.servers.http import Secret
from dashgen.sync.push.apply_plan import Applied, Applier, Outcome
from dashgen.sync.push.backup import back_up
from dashgen.sync.push.desired_items import Desired
from dashgen.sync.push.folder_placing import FolderTitles, place
from dashgen.sync.push.item import Item
from dashgen.sync.push.live_items import PROVISIONING, Live, Wanted, described, of_folder, read_live
from dashgen.sync.push.normal_items import digest
from dashgen.sync.push.past_versions import read_pasts
from dashgen.sync.push.push_plan import WRITES, Act, Options, Sides, Step, plan, unsure
from dashgen.sync.push.push_state import State, open_state
from dashgen.sync.push.rotation import examine
from dashgen.sync.push.secret_references import missing, secrets
from dashgen.sync.push.server_check import at_lines, complaints
from dashgen.sync.push.verdict import marks
from dashgen.sync.push.writers import Writer

_NOTICES = frozenset((kinds.CONTACT_POINT, kinds.MUTE_TIMING, kinds.TEMPLATE, kinds.POLICIES))
_NEEDED = {
    kinds.FOLDER: "folders:create",
    kinds.DASHBOARD: "dashboards:write",
    kinds.DATA_SOURCE: "datasources:write",
}
_REFERRING = frozenset((kinds.DATA_SOURCE, kinds.CONTACT_POINT, kinds.POLICIES))


@dataclass(slots=True)
class Push:
    """A planned push to one Grafana; nothing has been written."""

    chosen: Chosen
    root: Path
    grafana: Grafana
    state: State
    sides: Sides
    steps: list[Step]
    notes: list[Diagnostic] = field(default_factory=list)
    backup: Path | None = None
    applied: Applied | None = None

    @property
    def writes(self) -> list[Step]:
        """The steps that change something."""
        return [step for step in self.steps if step.act in WRITES]

    @property
    def unchanged(self) -> list[Step]:
        """The steps about what is as it should be."""
        return [step for step in self.steps if step.act is Act.UNCHANGED]

    @property
    def blocked(self) -> bool:
        """Whether somebody else's work is in the way of anything."""
        return any(step.act in (Act.CONFLICT, Act.REFUSED) for step in self.steps)

    @property
    def secrets(self) -> set[str]:
        """What no output may show."""
        items = (step.wanted for step in self.steps if step.wanted and _refers(step))
        return set().union(*(secrets(item.content, self.sides.environment) for item in items))

    def apply(self, message: str, tell: Callable[[Outcome], None]) -> Applied:
        """Take the steps.

        Args:
            message: why, for the history.
            tell: is told of each outcome as soon as it is known.

        Raises:
            DashgenError: a secret is missing, or a backup cannot be written; then nothing has been changed.
        """
        self._require_secrets()
        self.backup = back_up(self.root, self.chosen.settings.url, self.steps)
        stage, ledger = self.sides.stage, self.sides.live.ledger
        writer = Writer(self.grafana, self.sides.environment, message, ledger, stage)
        applier = Applier(writer, self.state, tell)
        self.applied = applier.applied
        return applier.take(self.steps)

    def check(self) -> list[Diagnostic]:
        """What Grafana would refuse of the dashboards that are to be written, at the lines of the specs; nothing is written.

        Raises:
            DashgenError: the specs cannot be read any more.
        """
        found = complaints(self.grafana, self.steps)
        return at_lines(found, self.root, self.chosen.environment) if found else []

    def _require_secrets(self) -> None:
        lacking: dict[str, str] = {}
        for step in self.writes:
            if step.wanted is not None and _refers(step):
                for name in missing(step.wanted.content, self.sides.environment):
                    lacking.setdefault(name, step.item.words)
        if lacking:
            listed = ", ".join(f"`{name}` ({words})" for name, words in sorted(lacking.items()))
            raise DashgenError(f"nothing was pushed, because these are not set in the environment: {listed}")


def _refers(step: Step) -> bool:
    return step.item.kind in _REFERRING and step.wanted is not None


@dataclass(frozen=True, slots=True)
class Request:
    """How to push: what the user allows, whether only a part is wanted, and whether anything is to be written."""

    options: Options = field(default_factory=Options)
    whole: bool = True
    writes: bool = True


@contextmanager
def open_push(
    root: Path, chosen: Chosen, desired: Desired, environment: Mapping[str, str], request: Request
) -> Iterator[Push]:
    """Read a Grafana and plan a push to it.

    Args:
        root: the project's folder.
        chosen: the Grafana.
        desired: what the specs want.
        environment: what references are resolved with.
        request: how.

    Raises:
        GrafanaError: it cannot be read.
        DashgenError: another push to it is running.
    """
    writes = request.writes
    with (
        open_state(root, *chosen.memory, writes=writes) as state,
        Grafana(chosen.settings) as grafana,
    ):
        hide_secrets(grafana, desired.items, environment)
        notes = [*chosen.warnings, *_notes(grafana, desired, writes=writes)]
        stage = chosen.environment or ""
        sides = read_sides(grafana, desired, state, environment, whole=request.whole, stage=stage)
        steps = plan(sides, request.options, whole=request.whole)
        notes += [Diagnostic("grafana/folder", said, severity=Severity.INFO) for said in sides.otherwise]
        notes += sides.rotation.notes if writes and not request.options.force else []
        yield Push(chosen, root, grafana, state, sides, steps, notes)


def hide_secrets(grafana: Grafana, items: Iterable[Item], environment: Mapping[str, str]) -> None:
    """Let no message repeat what the references of items stand for, even when a server says it unasked."""
    referring = (item.content for item in items if item.kind in _REFERRING)
    values = set().union(*(secrets(content, environment) for content in referring))
    grafana.session.hide(map(Secret, sorted(values)))


def read_sides(
    grafana: Grafana,
    desired: Desired,
    state: State,
    environment: Mapping[str, str],
    *,
    whole: bool,
    stage: str = "",
) -> Sides:
    """Read everything that a plan is made from; no request writes.

    Args:
        grafana: the client.
        desired: what the specs want.
        state: what was pushed last.
        environment: what references are resolved with.
        whole: whether everything is wanted that the specs say.
        stage: the environment that is pushed for; nothing when there is none.

    Raises:
        GrafanaError: something cannot be read.
    """
    _ = grafana.capabilities
    folders = grafana.folders.everything()
    placed = place(desired, folders, state.uids(kinds.FOLDER))
    asked = replace(_wanted(placed.items, state, whole=whole), environment=stage)
    live = read_live(grafana, asked, folders)
    _read_descriptions(grafana, placed.items, live, state)
    _find_provisioned(placed.items, live)
    titles = FolderTitles(folders)
    titles.add([item for item in placed.items if live.get(item.key) is None])
    sides = Sides(placed.items, live, state.entries, titles, environment, stage=stage)
    sides.pasts = read_pasts(grafana, unsure(sides))
    sides.otherwise = placed.otherwise
    sides.rotation = examine(placed.items, live, state.entries, environment)
    return sides


def _read_descriptions(grafana: Grafana, items: Iterable[Item], live: Live, state: State) -> None:
    """The descriptions of folders that a push wrote and no spec gives any more: they have to go.

    Only of folders that are not as they were pushed, as far as can be seen without it, is it asked.
    """
    for item in items:
        found = live.get(item.key)
        if item.kind != kinds.FOLDER or found is None or item.content.get("description"):
            continue
        known = marks(found, state.get(item.key), None)
        if known and digest(found.item) not in known and isinstance(found.handle, Folder):
            told = of_folder(described(grafana, found.handle, ""))
            if digest(told.item) in known:
                live.add(replace(told, noted=found.noted, intended=found.intended))


def _find_provisioned(items: Iterable[Item], live: Live) -> None:
    """Folders that are there because of provisioning files: what is in them says so, and files give them no description."""
    filled = {found.item.folder_uid for found in live if found.is_provisioned}
    for item in items:
        found = live.get(item.key)
        if item.kind == kinds.FOLDER and item.uid in filled and found is not None and not found.owner:
            there = replace(found.item, content={**found.item.content, **_description(item)})
            live.add(replace(found, item=there, owner=PROVISIONING))


def _description(item: Item) -> dict[str, Any]:
    return {key: value for key, value in item.content.items() if key == "description"}


def _wanted(items: list[Item], state: State, *, whole: bool) -> Wanted:
    found: dict[str, set[str]] = {}
    for item in items:
        found.setdefault(item.kind, set()).add(item.uid)
    folders = {item.folder_uid for item in items if item.kind == kinds.RULE_GROUP}
    if whole:
        for kind, uid in state.entries:
            found.setdefault(kind, set()).add(uid)
            if kind == kinds.RULE_GROUP:
                folders.add(uid.partition("/")[0])
    dashboards = {item.uid: item for item in items if item.kind == kinds.DASHBOARD}
    pushed = {
        uid: known.version
        for uid, item in dashboards.items()
        if (known := state.get(item.key)) and known.version and known.source == item.source != ""
    }
    uids = {kind: frozenset(some) for kind, some in found.items()}
    descriptions = {
        item.uid: about
        for item in items
        if item.kind == kinds.FOLDER and (about := item.content.get("description"))
    }
    return Wanted(uids, frozenset(folders), dashboards, pushed, descriptions)


def _notes(grafana: Grafana, desired: Desired, *, writes: bool) -> list[Diagnostic]:
    needed = [_NEEDED[kind] for kind in _NEEDED if kind in desired.kinds] if writes else []
    found = grafana.capabilities.sentences(needed)
    return [note for note in found if note.severity is not Severity.INFO]
