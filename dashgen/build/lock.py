"""``dashgen.lock.json``: what dashgen owns in the output, for removing what is no longer built."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import orjson

from dashgen.build.outcome import FileRecord, Owned
from dashgen.diagnostics import Diagnostic, Location

LOCK_FILE = "dashgen.lock.json"
VERSION = 1
_RESTORE = "restore it from git; it says which files and alert rules dashgen owns"
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class LockEntry(msgspec.Struct, frozen=True):
    """A resource that dashgen owns: its file, that file's hash, and the spec it comes from."""

    kind: str
    uid: str
    path: str
    sha256: str
    spec: str
    title: str = ""


class Removed(msgspec.Struct, frozen=True, order=True):
    """A resource that was owned once and is not built any more; it leaves a tombstone where Grafana needs one."""

    kind: str
    uid: str
    title: str = ""


class Lock(msgspec.Struct, frozen=True):
    """Everything that dashgen owns, and what it used to own."""

    version: int = VERSION
    resources: tuple[LockEntry, ...] = ()
    removed: tuple[Removed, ...] = ()

    @property
    def files(self) -> dict[str, str]:
        """The hash of each owned file by path."""
        return {entry.path: entry.sha256 for entry in self.resources}


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/") and "\0" not in path


def read_lock(output: Path, show: str) -> tuple[Lock, list[Diagnostic]]:
    """The lock file of an output folder; an empty one when there is none."""
    path = output / LOCK_FILE
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=Lock)
    except FileNotFoundError:
        return Lock(), []
    except OSError as error:
        message = f"the lock file cannot be read: {(error.strerror or str(error)).lower()}"
        return Lock(), [Diagnostic("lock/unreadable", message, Location(show), _RESTORE)]
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        message = f"the lock file is not what dashgen wrote: {error}"
        return Lock(), [Diagnostic("lock/unreadable", message, Location(show), _RESTORE)]
    outside = next((path for path in lock.files if not _is_inside(path)), None)
    if outside is not None:
        message = f"the lock file names a file outside the output folder: `{outside}`"
        return Lock(), [Diagnostic("lock/path", message, Location(show), _RESTORE)]
    if lock.version > VERSION:
        message = f"the lock file is of version {lock.version}, made by a newer dashgen"
        return Lock(), [Diagnostic("lock/version", message, Location(show), "use that version of dashgen")]
    return lock, []


def make_lock(records: Iterable[FileRecord], removed: Iterable[Removed]) -> Lock:
    """The lock after a build: what is owned now, and what needs a tombstone."""
    entries = sorted(
        (
            LockEntry(o.kind, o.uid, record.path, record.sha256, o.spec, o.title)
            for record in records
            for o in record.owned or _file_itself(record)
        ),
        key=lambda entry: (entry.kind, entry.uid, entry.path),
    )
    return Lock(VERSION, tuple(entries), tuple(sorted(removed)))


def _file_itself(record: FileRecord) -> tuple[Owned, ...]:
    return (Owned("file", record.path, "", ""),)


def dump(lock: Lock) -> bytes:
    """The lock file's content."""
    return orjson.dumps(msgspec.to_builtins(lock), option=_OPTIONS)


def known_before(lock: Lock) -> list[Removed]:
    """Everything that was owned once: what the next build does not make leaves a tombstone."""
    return sorted({*(Removed(e.kind, e.uid, e.title) for e in lock.resources), *lock.removed})
