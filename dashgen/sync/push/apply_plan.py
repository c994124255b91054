"""Take the steps of a plan: each on its own, so that one that fails keeps no other from being taken."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

import msgspec

from dashgen.core.errors import DashgenError
from dashgen.formats import resources as kinds
from dashgen.servers.grafana import ConflictError, ConflictKind, GrafanaError, OutcomeUnknownError
from dashgen.servers.grafana.grafana_errors import UnauthorisedError, UnreachableError
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds import kind_of, label, resource_kinds
from dashgen.sync.push.kinds.resource_kind import WriteContext
from dashgen.sync.push.ledger import Ledger
from dashgen.sync.push.normal_items import SCHEME, differences, digest
from dashgen.sync.push.push_plan import WRITES, Act, Step, checksum
from dashgen.sync.push.push_state import Pushed, State
from dashgen.sync.push.rotation import fingerprint

_CONFLICT = 4


class End(StrEnum):
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


_DONE = {Act.CREATE: End.CREATED, Act.UPDATE: End.UPDATED, Act.DELETE: End.DELETED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: how it ended, what to say about it, and the exit code that it calls for."""

    step: Step
    end: End
    message: str = ""
    hint: str = ""
    link: str = ""
    exit_code: int = 0


@dataclass(slots=True)
class Applied:
    """What became of the steps so far, also when a push is interrupted."""

    outcomes: list[Outcome] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def left(self, steps: Iterable[Step]) -> list[Step]:
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
        tell: is told of each outcome as soon as it is known; called by one thread at a time.
    """

    def __init__(
        self, context: WriteContext, ledger: Ledger | None, state: State, tell: Callable[[Outcome], None]
    ) -> None:
        self.applied = Applied()
        self._context = context
        self._ledger = ledger
        self._state = state
        self._tell = tell
        self._lost_folders: set[str] = set()
        self._stopped = ""

    def take(self, steps: Sequence[Step]) -> Applied:
        """Take the steps in their order, dashboards several at once.

        Raises:
            DashgenError: what was done cannot be remembered.
        """
        for step in steps:
            if step.act is Act.UNCHANGED:
                self._adopt(step)
        writes = [step for step in steps if step.act in WRITES]
        for (kind, _), some in groupby(writes, key=lambda step: (step.item.kind, step.act is Act.DELETE)):
            if resource_kinds()[kind].is_independent:
                self._all(list(some))
            else:
                for step in some:
                    self._one(step)
        return self.applied

    def _all(self, steps: list[Step]) -> None:
        for _ in self._context.grafana.session.map(self._one, steps):
            pass

    def _one(self, step: Step) -> None:
        outcome = self._prevented(step) or self._attempt(step)
        with self.applied.lock:
            self.applied.outcomes.append(outcome)
            if outcome.end in (End.FAILED, End.CONFLICT, End.NOT_DONE) and step.item.kind == kinds.FOLDER:
                self._lost_folders.add(step.item.uid)
            self._tell(outcome)

    def _prevented(self, step: Step) -> Outcome | None:
        if self._stopped:
            return Outcome(step, End.NOT_DONE, self._stopped)
        if step.wanted is not None and step.wanted.folder_uid in self._lost_folders:
            return Outcome(step, End.NOT_DONE, "its folder is not as it should be")
        return None

    def _attempt(self, step: Step) -> Outcome:
        before = self._state.get(step.key)
        self._intend(step, before)
        try:
            self._note(step)
            return self._delete(step) if step.act is Act.DELETE else self._write(step, before)
        except OutcomeUnknownError as error:
            self._stop_if_away(error.cause)
            return _failed(step, error)
        except ConflictError as error:
            return self._after_conflict(step, before, error)
        except GrafanaError as error:
            self._restore(step, before)
            self._stop_if_away(error)
            return _failed(step, error)

    def _intend(self, step: Step, before: Pushed | None) -> None:
        """Remember what is about to be written: when the answer is lost, what is there is known to be ours."""
        if step.wanted is None:
            return
        known = before or Pushed(owned=step.act is Act.CREATE, title=step.item.title)
        pending = checksum(step, self._context.environment)
        with self.applied.lock:
            self._state.remember(step.key, msgspec.structs.replace(known, pending=pending))

    def _note(self, step: Step) -> None:
        """Note the same in Grafana, for those who push from elsewhere.

        Raises:
            GrafanaError: it cannot be noted, so nothing may be written yet.
        """
        ledger = self._ledger
        if ledger is None or step.wanted is None or not _is_noted(step):
            return
        items = (*kind_of(step.wanted).between(step.wanted, step.live), step.wanted)
        ledger.intend(step.key, [digest(item, self._context.environment) for item in items])

    def _restore(self, step: Step, before: Pushed | None) -> None:
        """Forget what was about to be written, here and in Grafana: it was refused."""
        if step.wanted is None:
            return
        if (made := self._written_all_the_same(step)) is not None:
            known = before or Pushed(owned=step.act is Act.CREATE)
            self._note_made(step, made)
            self._remember(step.wanted, msgspec.structs.replace(known, checksum=made, pending=""))
            return
        if self._ledger is not None and _is_noted(step):
            self._ledger.withdraw(step.key)
        with self.applied.lock:
            if before is None:
                self._state.forget(step.key)
            else:
                self._state.remember(step.key, before)

    def _written_all_the_same(self, step: Step) -> str | None:
        """The checksum of what is there after a refusal, when it is ours: the first of several requests, or all of it."""
        if step.wanted is None or not _is_noted(step):
            return None
        items = (*kind_of(step.wanted).between(step.wanted, step.live), step.wanted)
        marks = {digest(item, self._context.environment) for item in items}
        with suppress(GrafanaError):
            found = kind_of(step.wanted).read(self._context.grafana, step.wanted)
            if found is not None and (made := digest(found.item)) in marks:
                return made
        return None

    def _write(self, step: Step, before: Pushed | None) -> Outcome:
        wanted = _wanted(step)
        made = checksum(step, self._context.environment)
        kind = kind_of(wanted)
        version = kind.write(self._context, wanted, step.live, made)
        note = ""
        if not kind.has_mark:
            found = self._read_again(wanted)
            differs = found is None or differences(found.item, wanted, environment=self._context.environment)
            if found is None or differs:
                note = "Grafana shows something else than was written; look at it with `dashgen status`"
            else:
                made = digest(found.item)
            self._note_made(step, made)
        if step.foreign:
            with self.applied.lock:
                self._state.forget(step.key)
        elif not note:
            owned = _owned(step, before)
            pushed = Pushed(
                made,
                version,
                owned=owned,
                title=wanted.title,
                source=wanted.source,
                secrets=fingerprint(wanted, self._context.environment),
            )
            self._remember(wanted, pushed)
        return Outcome(step, _DONE[step.act], note, link=kind.link(self._context.grafana, wanted))

    def _read_again(self, wanted: Item) -> LiveItem | None:
        """What Grafana made of what was written.

        Raises:
            OutcomeUnknownError: it does not say; written it is all the same.
        """
        try:
            return kind_of(wanted).read(self._context.grafana, wanted)
        except GrafanaError as error:
            raise OutcomeUnknownError(label(wanted), error) from error

    def _note_made(self, step: Step, made: str) -> None:
        """Note that it was written, and what Grafana made of it."""
        if self._ledger is not None and _is_noted(step):
            with suppress(GrafanaError):
                self._ledger.confirm(step.key, made)

    def _delete(self, step: Step) -> Outcome:
        if step.live is None:
            return Outcome(step, End.UNCHANGED)
        kind_of(step.live.item).delete(self._context.grafana, step.live)
        with self.applied.lock:
            self._state.forget(step.key)
        if self._ledger is not None:
            self._ledger.forget(step.key)
        return Outcome(step, End.DELETED, step.reason)

    def _after_conflict(self, step: Step, before: Pushed | None, error: ConflictError) -> Outcome:
        """Whether it is somebody else's work, or what was wanted is there already."""
        if step.act is Act.DELETE and error.kind is ConflictKind.IN_USE:
            return Outcome(step, End.KEPT, error.message)
        if step.wanted is not None and error.kind in (ConflictKind.VERSION, ConflictKind.EXISTS):
            try:
                found = kind_of(step.wanted).read(self._context.grafana, step.wanted)
            except GrafanaError:
                found = None
            environment = self._context.environment
            if found is not None and not differences(found.item, step.wanted, environment=environment):
                owned = before is not None and before.owned
                self._remember(step.wanted, Pushed(digest(found.item), found.version, owned=owned))
                return Outcome(step, End.UNCHANGED, "somebody else made it so in the meantime")
        self._restore(step, before)
        return Outcome(step, End.CONFLICT, error.message, error.hint, exit_code=_CONFLICT)

    def _adopt(self, step: Step) -> None:
        """Remember what is there as it should be: the next difference is then known to be somebody's."""
        if step.live is None:
            return
        before, item, live = self._state.get(step.key), step.item, step.live
        known = before and before.checksum and not before.pending and before.version == live.version != ""
        if before and known and before.source == item.source:
            return
        checksum = before.checksum if before and known else self._checksum(step, live)
        owned = (before is not None and before.owned) or _is_marked(live, self._context.stage)
        pushed = Pushed(
            checksum,
            live.version,
            owned=owned,
            title=item.title,
            source=item.source,
            secrets=before.secrets if before else "",
        )
        self._remember(item, pushed)

    def _checksum(self, step: Step, live: LiveItem) -> str:
        """The checksum of what is there, which says what is wanted."""
        if live.as_wanted:
            return live.stamp if live.stamp.startswith(SCHEME) else checksum(step, self._context.environment)
        return digest(live.item)

    def _remember(self, item: Item, pushed: Pushed) -> None:
        with self.applied.lock:
            self._state.remember(item.key, pushed)

    def _stop_if_away(self, error: GrafanaError) -> None:
        if isinstance(error, UnreachableError | UnauthorisedError):
            self._stopped = "Grafana could not be reached any more"


def _is_noted(step: Step) -> bool:
    """Whether Grafana keeps a note beside what a step writes."""
    return not step.foreign and not kind_of(step.item).has_mark


def _wanted(step: Step) -> Item:
    if step.wanted is None:
        raise DashgenError(f"{step.label} is not wanted")
    return step.wanted


def _owned(step: Step, before: Pushed | None) -> bool:
    """Whether what was written may be pruned one day; the tree of policies is always there and written as a whole."""
    made = step.act is Act.CREATE or kind_of(step.item).is_permanent
    return made or (before is not None and before.owned) or _is_marked(step.live)


def _is_marked(live: LiveItem | None, stage: str | None = None) -> bool:
    """Whether dashgen made something, for the environment that is pushed for if one is given."""
    if live is None or (stage is not None and live.environment not in ("", stage)):
        return False
    return live.tagged or bool(live.stamp)


def _failed(step: Step, error: GrafanaError) -> Outcome:
    causes = "".join(f"; {cause.field}: {cause.message}" for cause in error.causes[:5])
    return Outcome(step, End.FAILED, error.message + causes, error.hint, exit_code=error.exit_code)


def planned_conflicts(steps: Iterable[Step]) -> Iterator[Outcome]:
    """The outcomes of the steps that are not taken because somebody else's work is in the way."""
    for step in steps:
        if step.act is Act.CONFLICT:
            yield Outcome(step, End.CONFLICT, step.reason, exit_code=_CONFLICT)
        elif step.act is Act.REFUSED:
            yield Outcome(step, End.REFUSED, step.reason, exit_code=_CONFLICT)
