"""What was pushed, noted in Grafana itself, for those who push from a machine that remembers nothing.

Dashboards carry a checksum of their own. Folders, data sources, rule groups, contact points, policies, mute
timings, templates and events have no place for one that neither changes what they do nor gets lost, so each
gets an annotation beside it: on no dashboard, and at a moment of the year 2000 that no graph shows.

A note has before a write what is about to be written, in case the answer or this machine is lost, and
afterwards that it was: only what was written counts as pushed, and what Grafana refused is taken out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Final

import msgspec
from msgspec.structs import replace

from dashgen.formats.resources import Key
from dashgen.servers.grafana import ForbiddenError, Grafana, GrafanaError
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.sync.push.item import LiveItem

TAG: Final = "dashgen-pushed"
_ABOUT: Final = "what dashgen pushed last; without it dashgen asks before it overwrites"
_START: Final = 946_684_800_000
"""The first moment of the year 2000, in milliseconds."""
_SPAN: Final = 1_000_000_000
_MOST_OF_PARTS: Final = 32_000
"""How many characters of names and checksums of parts a note keeps."""
_MOST: Final = 4
"""How many checksums of earlier pushes a note keeps."""


class _Note(msgspec.Struct):
    kind: str
    uid: str
    checksums: list[str]
    pending: list[str] = []
    environment: str = ""
    parts: dict[str, str] = {}
    about: str = _ABOUT


class _LedgerEntry(msgspec.Struct):
    checksums: tuple[str, ...]
    pending: tuple[str, ...]
    environment: str
    annotation: LiveAnnotation
    parts: Mapping[str, str] = {}


class Ledger:
    """The checksums of what was pushed to one Grafana, as it remembers them itself.

    Args:
        grafana: the client.
        annotations: the annotations that have them.
        environment: the environment that this machine pushes for; nothing when there is none.
        closed: whether the account may not read them.
    """

    def __init__(
        self,
        grafana: Grafana,
        annotations: Iterable[LiveAnnotation] = (),
        environment: str = "",
        *,
        closed: bool = False,
    ) -> None:
        self._grafana = grafana
        self._environment = environment
        self._entries: dict[Key, _LedgerEntry] = {}
        self.closed = closed
        for annotation in annotations:
            self._add(annotation)

    def noted(self, live: LiveItem) -> LiveItem:
        """A resource with what is noted of it."""
        entry = self._entries.get(live.key)
        if entry is None:
            return live
        # Before its first write is confirmed, nothing was pushed for any environment.
        environment = entry.environment if entry.checksums else ""
        noted, intended = frozenset(entry.checksums), frozenset(entry.pending)
        return replace(live, noted=noted, intended=intended, environment=environment, parts=entry.parts)

    def intend(self, key: Key, checksums: Sequence[str]) -> None:
        """Note that a resource is about to be written; what was noted before stays valid.

        Raises:
            GrafanaError: it cannot be noted. That the account may not do it is no error, but closes the
                ledger.
        """
        entry = self._entries.get(key)
        # What is noted stays: until this write is confirmed, that is what Grafana has.
        pushed = entry.checksums if entry else ()
        pending = tuple(mark for mark in checksums if mark and mark not in pushed)
        self._write(key, pushed, pending, entry.environment if entry else self._environment)

    def confirm(self, key: Key, checksum: str, parts: Mapping[str, str] | None) -> None:
        """Note that a resource was written.

        Args:
            key: the resource.
            checksum: that of what counts as pushed.
            parts: those of its parts, where it has some that can be merged; nothing keeps those that are
                noted.

        Raises:
            GrafanaError: it cannot be noted.
        """
        entry = self._entries.get(key)
        older = tuple(mark for mark in entry.checksums if mark != checksum) if entry else ()
        self._write(key, (*older[-(_MOST - 1) :], checksum), (), self._environment, parts)

    def withdraw(self, key: Key) -> None:
        """Take back what was about to be written and was refused.

        That it stays does no harm, as it does not count.
        """
        entry = self._entries.get(key)
        if entry is None or self.closed or not entry.pending:
            return
        with suppress(GrafanaError):
            if entry.checksums:
                self._write(key, entry.checksums, (), entry.environment)
            else:
                self._grafana.annotations.delete(entry.annotation)
                del self._entries[key]

    def _write(
        self,
        key: Key,
        checksums: tuple[str, ...],
        pending: tuple[str, ...],
        environment: str,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        entry = self._entries.get(key)
        parts = (entry.parts if entry else {}) if parts is None else parts
        # A database may hold 64 kB of a text. Without parts a large group is merged by this machine's memory
        # only.
        parts = parts if sum(map(len, (*parts, *parts.values()))) < _MOST_OF_PARTS else {}
        state = checksums, pending, environment, parts
        if self.closed or (
            entry and (entry.checksums, entry.pending, entry.environment, entry.parts) == state
        ):
            return
        if entry is None and not checksums and not pending:
            return
        try:
            note = _Note(*key, list(checksums), list(pending), environment, dict(parts))
            annotation = self._written(note, key, entry)
        except ForbiddenError:
            self.closed = True
            return
        self._entries[key] = _LedgerEntry(checksums, pending, environment, annotation, parts)

    def forget(self, key: Key) -> None:
        """Take the note of what was deleted away; one that stays does no harm."""
        entry = self._entries.pop(key, None)
        if entry is not None and not self.closed:
            with suppress(GrafanaError):
                self._grafana.annotations.delete(entry.annotation)

    def _written(self, note: _Note, key: Key, entry: _LedgerEntry | None) -> LiveAnnotation:
        text = msgspec.json.encode(note).decode()
        if entry is None:
            moment = _moment(key)
            return self._grafana.annotations.create(LiveAnnotation(text, moment, moment, (TAG,)))
        changed = replace(entry.annotation, text=text)
        self._grafana.annotations.update(changed)
        return changed

    def _add(self, annotation: LiveAnnotation) -> None:
        try:
            note = msgspec.json.decode(annotation.text, type=_Note)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # Somebody else's annotation with this tag.
            return
        key = (note.kind, note.uid)
        before = self._entries.get(key)
        # Two pushes at once may have made two notes: both say what was pushed.
        checksums = dict.fromkeys((*(before.checksums if before else ()), *note.checksums))
        pending = dict.fromkeys((*(before.pending if before else ()), *note.pending))
        # Of two notes the one with the newer push has the parts of that; which it is, nobody knows.
        noted_parts = {} if before and before.parts != note.parts else note.parts
        self._entries[key] = _LedgerEntry(
            tuple(checksums), tuple(pending), note.environment, annotation, noted_parts
        )


def read_ledger(grafana: Grafana, environment: str = "") -> Ledger:
    """What a Grafana remembers of earlier pushes, in one request.

    Args:
        grafana: the client.
        environment: the environment that this machine pushes for; nothing when there is none.

    Raises:
        GrafanaError: it cannot be read, for another reason than that the account may not.
    """
    try:
        annotations = grafana.annotations.find(tags=(TAG,), start=_START, end=_START + _SPAN)
    except ForbiddenError:
        return Ledger(grafana, closed=True)
    return Ledger(grafana, annotations, environment)


def _moment(key: Key) -> int:
    """A moment of its own for each resource, so that a look at one annotation reads no others."""
    number = int.from_bytes(sha256("\0".join(key).encode("utf-8", "replace")).digest()[:8])
    return _START + number % _SPAN
