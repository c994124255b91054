"""Take the steps of a plan: each on its own, so that one that fails keeps no other from being taken.

Every write is noted before it leaves, here in the state and for most kinds in Grafana too, and confirmed
afterwards. So whatever is lost, the answer, the machine or the process, the next push knows what is its own
and what somebody edited.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import groupby

import msgspec

from dashgen.formats import resources as kinds
from dashgen.formats.resources import Key
from dashgen.servers.grafana import ConflictError, ConflictKind, GrafanaError, OutcomeUnknownError
from dashgen.servers.grafana.grafana_errors import UnauthorisedError, UnreachableError
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of, label, resource_kinds
from dashgen.sync.push.kinds.resource_kind import WriteContext, parts_after
from dashgen.sync.push.ledger import Ledger
from dashgen.sync.push.normal_items import SCHEME, differences, digest
from dashgen.sync.push.push_plan import WRITES, PushStep, StepAction, checksum
from dashgen.sync.push.push_state import Pushed, PushState
from dashgen.sync.push.rotation import fingerprint

_CONFLICT = 4
_MERGES = 3
"""How often a write is merged with what somebody changed meanwhile, before that counts as a conflict."""


class StepEnd(StrEnum):
    """How a step ended."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    CONFLICT = "conflict"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_DONE = "not done"


_DONE = {
    StepAction.CREATE: StepEnd.CREATED,
    StepAction.UPDATE: StepEnd.UPDATED,
    StepAction.DELETE: StepEnd.DELETED,
}


_NOT_WRITTEN = (StepEnd.FAILED, StepEnd.CONFLICT, StepEnd.NOT_DONE)


class StepOutcome(msgspec.Struct, frozen=True):
    """What became of a step: how it ended, a message about it, and the exit code that it calls for."""

    step: PushStep
    end: StepEnd
    message: str = ""
    hint: str = ""
    link: str = ""
    exit_code: int = 0


class _Written(msgspec.Struct, frozen=True):
    """What counts as pushed after a write; `is_known` unless Grafana shows something else."""

    checksum: str
    parts: dict[str, str] = {}
    note: str = ""
    is_known: bool = True


class AppliedSteps(msgspec.Struct):
    """What became of the steps so far, also when a push is interrupted."""

    outcomes: list[StepOutcome] = []
    lock: threading.Lock = msgspec.field(default_factory=threading.Lock)

    def left(self, steps: Iterable[PushStep]) -> list[PushStep]:
        """The steps that nothing became of yet."""
        done = {outcome.step.key for outcome in self.outcomes}
        return [step for step in steps if step.act in WRITES and step.key not in done]

    @property
    def exit_code(self) -> int:
        """The worst of the steps'."""
        return max((outcome.exit_code for outcome in self.outcomes), default=0)


class Applier:
    """Takes steps and remembers what it did.

    Args:
        context: what every write shares.
        ledger: what Grafana remembers of what was pushed.
        state: what remembers.
        tell: takes each outcome as soon as it is known; called by one thread at a time.
    """

    def __init__(
        self,
        context: WriteContext,
        ledger: Ledger | None,
        state: PushState,
        tell: Callable[[StepOutcome], None],
    ) -> None:
        self.applied = AppliedSteps()
        self._context = context
        self._environment = context.environment
        self._ledger = ledger
        self._state = state
        self._tell = tell
        self._lost_folders: set[str] = set()
        self._untaken: set[str] = set()
        self._stopped = ""

    def take(self, steps: Sequence[PushStep]) -> AppliedSteps:
        """Take the steps in their order, dashboards several at once.

        Raises:
            DashgenError: what was done cannot be remembered.
        """
        # Before any write: a push that is interrupted has still learned what was as the specs define it.
        for step in steps:
            # With edits of others in it, it is not what the specs define.
            if step.act is StepAction.UNCHANGED and step.live is not None and step.specs is None:
                self._adopt(step, step.live)
            elif step.act in (StepAction.CONFLICT, StepAction.REFUSED):
                self._keep_from_moving(step)
        writes = [step for step in steps if step.act in WRITES]
        # Only neighbours are grouped: what a kind refers to is written before it, and deleted after it.
        for (kind, _), some in groupby(
            writes, key=lambda step: (step.item.kind, step.act is StepAction.DELETE)
        ):
            if resource_kinds()[kind].is_independent:
                for _ in self._context.grafana.session.map(self._one, list(some)):
                    pass
            else:
                for step in some:
                    self._one(step)
        return self.applied

    def _one(self, step: PushStep) -> None:
        outcome = self._prevented(step) or self._attempt(step)
        with self.applied.lock:
            self.applied.outcomes.append(outcome)
            if outcome.end in _NOT_WRITTEN and step.item.kind == kinds.FOLDER:
                self._lost_folders.add(step.item.uid)
            if outcome.end in _NOT_WRITTEN:
                self._keep_from_moving(step)
            # Under the lock, so that lines of a terminal do not mix.
            self._tell(outcome)

    def _keep_from_moving(self, step: PushStep) -> None:
        """Remember that what was to move into a resource does not arrive."""
        if step.wanted is not None and self._context.moving:
            self._untaken.update(kind_of(step.item).members(step.wanted))

    def _prevented(self, step: PushStep) -> StepOutcome | None:
        if self._stopped:
            return StepOutcome(step, StepEnd.NOT_DONE, self._stopped)
        # Without its folder it would land in another place than planned.
        if step.wanted is not None and step.wanted.folder_uid in self._lost_folders:
            return StepOutcome(step, StepEnd.NOT_DONE, "its folder is not as it should be")
        # What is to move from here would be deleted.
        moving = self._context.moving.items()
        if any(owner == step.item.uid and member in self._untaken for member, owner in moving):
            return StepOutcome(step, StepEnd.NOT_DONE, "what moves from it has not arrived")
        return None

    def _attempt(self, step: PushStep, attempts: int = _MERGES) -> StepOutcome:
        before, item = self._state.get(step.key), step.wanted
        if item is not None:
            # Should the answer be lost, what is in Grafana is known to be ours.
            entry = before or Pushed(owned=step.act is StepAction.CREATE, title=item.title)
            pending = checksum(step, self._environment)
            self._record(step.key, msgspec.structs.replace(entry, pending=pending))
        try:
            if item is None:
                return self._delete(step)
            # The same in Grafana, for those who push from elsewhere. Where it cannot be noted nothing is
            # written, or nobody could tell later whose it is.
            if ledger := self._ledger_for(step):
                ledger.intend(step.key, self._possible_checksums(step, item))
            return self._write(step, item, before)
        except OutcomeUnknownError as error:
            # The intention stays noted: the next push finds out whether the write happened.
            self._stop_if_away(error.cause)
            return _failed(step, error)
        except ConflictError as error:
            if attempts and error.kind is ConflictKind.VERSION and (merged := self._merged(step)):
                return self._attempt(merged, attempts - 1)
            return self._after_conflict(step, before, error)
        except GrafanaError as error:
            self._restore(step, before)
            self._stop_if_away(error)
            return _failed(step, error)

    def _merged(self, step: PushStep) -> PushStep | None:
        """A step with what somebody changed since the resource was read, where that is something else."""
        item, live, kind = step.wanted, step.live, kind_of(step.item)
        base = kind.parts(live.item) if live and not step.foreign else {}
        if item is None or not base:
            return None
        with suppress(GrafanaError):
            current = self._read(item)
            merged = kind.merged(base, item, current.item) if current else None
            if merged and not merged.clashes:
                specs = step.specs or (item if differences(item, merged.item) else None)
                return msgspec.structs.replace(step, wanted=merged.item, live=current, specs=specs)
        return None

    def _ledger_for(self, step: PushStep) -> Ledger | None:
        """The ledger, if Grafana keeps a note beside what a step writes."""
        return None if step.foreign or kind_of(step.item).has_mark else self._ledger

    def _possible_checksums(self, step: PushStep, item: Item) -> list[str]:
        """The checksums of what a step that is interrupted may leave: each state that it passes through."""
        # What has edits of others in it may not pass for what was pushed.
        states = (step.specs,) if step.specs else (*kind_of(item).between(item, step.live), item)
        return [digest(state, self._environment) for state in states]

    def _restore(self, step: PushStep, before: Pushed | None) -> None:
        """Forget what was about to be written, here and in Grafana: it was refused."""
        if step.wanted is None:
            return
        # A refusal may come after a part of the work: a folder is renamed and moved with two requests.
        if (live_checksum := self._written_all_the_same(step, step.wanted)) is not None:
            entry = before or Pushed(owned=step.act is StepAction.CREATE)
            self._confirm(step, live_checksum, None)
            self._record(step.key, msgspec.structs.replace(entry, checksum=live_checksum, pending=""))
            return
        if ledger := self._ledger_for(step):
            ledger.withdraw(step.key)
        self._record(step.key, before)

    def _written_all_the_same(self, step: PushStep, item: Item) -> str | None:
        """The checksum of what is there after a refusal, when the step made it, or a part of it."""
        if step.foreign or kind_of(item).has_mark:
            return None
        with suppress(GrafanaError):
            current = self._read(item)
            if current is not None and digest(current.item) in self._possible_checksums(step, item):
                return digest(current.item)
        return None

    def _write(self, step: PushStep, item: Item, before: Pushed | None) -> StepOutcome:
        kind = kind_of(item)
        written = _Written(checksum(step, self._environment))
        version = kind.write(self._context, item, step.live, written.checksum)
        # A dashboard carries the checksum of what was sent, and the answer to its write has the version
        # already.
        if not kind.has_mark:
            written = self._looked_up(step, item)
            self._confirm(step, written.checksum, written.parts)
        if step.foreign:
            # Somebody else's state was put back: remembered as pushed, it could be pruned one day.
            self._record(step.key, None)
        elif written.is_known:
            # What dashgen made may be pruned one day, but nothing that it took over.
            is_made = step.act is StepAction.CREATE or kind.is_permanent
            owned = is_made or (before is not None and before.owned) or _is_marked(step.live)
            secrets = fingerprint(item, self._environment)
            pushed = Pushed(written.checksum, version, owned=owned, title=item.title, source=item.source)
            self._record(item.key, msgspec.structs.replace(pushed, secrets=secrets, parts=written.parts))
        return StepOutcome(step, _DONE[step.act], written.note, link=kind.link(self._context.grafana, item))

    def _looked_up(self, step: PushStep, item: Item) -> _Written:
        """What is there after a write.

        Grafana rewrites what it stores, so what it shows now is what a later edit has to be compared with.

        Raises:
            OutcomeUnknownError: it cannot be read.
        """
        kind, new_checksum = kind_of(item), checksum(step, self._environment)
        try:
            current = self._read(item)
        except GrafanaError as error:
            raise OutcomeUnknownError(label(item), error) from error
        if current is None or differences(current.item, item, environment=self._environment):
            note = "Grafana shows something else than was written; look at it with `dashgen status`"
            return _Written(new_checksum, note=note, is_known=False)
        if step.specs:
            parts = parts_after(*map(kind.parts, (current.item, step.specs, item)))
            return _Written(
                new_checksum, parts, "edits made in Grafana were kept; take them with `dashgen pull`"
            )
        return _Written(digest(current.item), kind.parts(current.item))

    def _read(self, item: Item) -> LiveItem | None:
        return kind_of(item).read(self._context.grafana, item)

    def _confirm(self, step: PushStep, new_checksum: str, parts: Mapping[str, str] | None) -> None:
        """Note in Grafana that a step was written, and what Grafana made of it."""
        if ledger := self._ledger_for(step):
            with suppress(GrafanaError):
                ledger.confirm(step.key, new_checksum, parts)

    def _delete(self, step: PushStep) -> StepOutcome:
        if step.live is None:
            return StepOutcome(step, StepEnd.UNCHANGED)
        kind_of(step.live.item).delete(self._context.grafana, step.live)
        self._record(step.key, None)
        if self._ledger is not None:
            self._ledger.forget(step.key)
        return StepOutcome(step, StepEnd.DELETED, step.reason)

    def _after_conflict(self, step: PushStep, before: Pushed | None, error: ConflictError) -> StepOutcome:
        """What a conflict is: somebody else's work, or what was to be written is there already."""
        if step.act is StepAction.DELETE and error.kind is ConflictKind.IN_USE:
            return StepOutcome(step, StepEnd.KEPT, error.message)
        if step.wanted is not None and error.kind in (ConflictKind.VERSION, ConflictKind.EXISTS):
            current = None
            with suppress(GrafanaError):
                current = self._read(step.wanted)
            if current and not differences(current.item, step.wanted, environment=self._environment):
                owned = before is not None and before.owned
                pushed = Pushed(digest(current.item), current.version, owned=owned)
                parts = kind_of(current.item).parts(current.item)
                self._record(step.key, msgspec.structs.replace(pushed, parts=parts))
                return StepOutcome(step, StepEnd.UNCHANGED, "somebody else made it so in the meantime")
        self._restore(step, before)
        return StepOutcome(step, StepEnd.CONFLICT, error.message, error.hint, exit_code=_CONFLICT)

    def _adopt(self, step: PushStep, live: LiveItem) -> None:
        """Remember what is there as it should be: the next difference is then known to be somebody's."""
        before, item = self._state.get(step.key) or Pushed(), step.item
        # With an unchanged version the checksum of the last push still holds, and none has to be computed.
        is_current = before.checksum and not before.pending and before.version == live.version != ""
        if is_current and before.source == item.source:
            return
        if is_current:
            live_checksum = before.checksum
        elif not live.as_wanted:
            live_checksum = digest(live.item)
        elif live.stamp.startswith(SCHEME):
            live_checksum = live.stamp
        else:
            # The content of what is as wanted was not kept, but it is that of the specs.
            live_checksum = checksum(step, self._environment)
        owned = before.owned or _is_marked(live, self._context.stage)
        pushed = Pushed(live_checksum, live.version, owned=owned, title=item.title, source=item.source)
        parts = before.parts
        if not live.as_wanted and not (parts and live_checksum == before.checksum):
            parts = kind_of(item).parts(live.item)
        self._record(item.key, msgspec.structs.replace(pushed, secrets=before.secrets, parts=parts))

    def _record(self, key: Key, pushed: Pushed | None) -> None:
        """Remember a resource, or forget it, whichever thread it was written by."""
        with self.applied.lock:
            if pushed is None:
                self._state.forget(key)
            else:
                self._state.remember(key, pushed)

    def _stop_if_away(self, error: GrafanaError) -> None:
        # Every further step would fail alike, each after its own timeout.
        if isinstance(error, UnreachableError | UnauthorisedError):
            self._stopped = "Grafana could not be reached any more"


def _is_marked(live: LiveItem | None, stage: str | None = None) -> bool:
    """Whether dashgen made something, for the environment that is pushed for if one is given."""
    if live is None or (stage is not None and live.environment not in ("", stage)):
        return False
    return live.tagged or bool(live.stamp)


def _failed(step: PushStep, error: GrafanaError) -> StepOutcome:
    causes = "".join(f"; {cause.field}: {cause.message}" for cause in error.causes[:5])
    return StepOutcome(step, StepEnd.FAILED, error.message + causes, error.hint, exit_code=error.exit_code)


def planned_conflicts(steps: Iterable[PushStep]) -> Iterator[StepOutcome]:
    """The outcomes of the steps that are not taken because somebody else's work is in the way."""
    for step in steps:
        if step.act is StepAction.CONFLICT:
            yield StepOutcome(step, StepEnd.CONFLICT, step.reason, exit_code=_CONFLICT)
        elif step.act is StepAction.REFUSED:
            yield StepOutcome(step, StepEnd.REFUSED, step.reason, step.way, exit_code=_CONFLICT)
