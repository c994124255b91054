"""What was sent when, in a file: so that no period of a report is sent twice, whatever happens between.

**At most once.** Before the text of a mail is handed to the server, the file has `sending` for its period;
after it, `sent`. A process that dies between leaves `sending`, and the next one does not send that period
again: nobody knows whether the mail has left, two mails with one title make people doubt both, and one that is
missing can be sent by hand (`dashgen report NAME --date D --smtp`), which the next start says. What failed
before that moment surely was not delivered, and is tried again until the next period is due.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.locking import one_at_a_time
from dashgen.core.files.rooted_paths import Tree

_VERSION: Final = 1
_LIMIT: Final = 2**20
_PATIENCE: Final = 0.0


class SendingProgress(StrEnum):
    """How far the sending of a period came."""

    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"


class Sent(msgspec.Struct, frozen=True):
    """The newest period of a report that was taken up, when it was due, and how far it came."""

    period: str
    due: float
    progress: SendingProgress
    at: float


class _File(msgspec.Struct):
    version: int = _VERSION
    reports: dict[str, Sent] = {}


class RecordError(DashgenError):
    """The record cannot be read or written."""


class SentRecord:
    """The file; each change is on disk before its function returns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from sending at the same time.

        Raises:
            DashgenError: another process holds the file's folder, or there is no folder.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(f"cannot make the folder of {self._path}: {os_reason(error)}") from None
        with one_at_a_time(self._path.parent, _PATIENCE, lambda: None):
            yield

    def beat(self) -> None:
        """Touch the file beside it whose age tells that the service is alive.

        Raises:
            RecordError: it cannot be touched.
        """
        try:
            self._path.with_name(f"{self._path.name}.alive").touch()
        except OSError as error:
            raise RecordError(f"cannot write beside {self._path}: {os_reason(error)}") from None

    def read(self) -> dict[str, Sent]:
        """What was sent of each report, by its uid; nothing when the file does not exist.

        Raises:
            RecordError: it cannot be read. Sending without knowing what was sent would send twice.
        """
        hint = "repair it, or remove it: what was due within the last hour may then be sent twice"
        try:
            with Tree(self._path.parent) as folder:
                content = folder.read(self._path.name, _LIMIT)
        except OSError as error:
            raise RecordError(f"cannot read {self._path}: {os_reason(error)}; {hint}") from None
        if content is None:
            return {}
        try:
            file = msgspec.json.decode(content, type=_File)
        except msgspec.DecodeError as error:
            raise RecordError(f"{self._path} is damaged: {error}; {hint}") from None
        if file.version != _VERSION:
            raise RecordError(f"{self._path} is of another version of dashgen; {hint}")
        return file.reports

    def write(self, uid: str, sent: Sent) -> None:
        """Note the newest period of a report.

        Raises:
            RecordError: it cannot be written, so nothing may be sent.
        """
        self._replace({**self.read(), uid: sent})

    def forget(self, uid: str, before: Sent | None) -> None:
        """Put back what was noted before a sending that surely did not happen.

        Raises:
            RecordError: it cannot be written.
        """
        reports = self.read()
        reports.pop(uid, None)
        self._replace(reports if before is None else {**reports, uid: before})

    def _replace(self, reports: dict[str, Sent]) -> None:
        file = _File(reports=dict(sorted(reports.items())))
        content = msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
        try:
            with Tree(self._path.parent) as folder:
                folder.replace(self._path.name, content)
            # A record that a power cut takes back would allow a second mail.
            for path in (self._path, self._path.parent):
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise RecordError(f"cannot write {self._path}: {os_reason(error)}; nothing is sent") from None
