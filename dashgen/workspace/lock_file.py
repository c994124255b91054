"""``dashgen.lock.json``: what dashgen owns in the output, for removing what is no longer built."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import orjson

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.files.regular import IrregularFileError
from dashgen.core.files.rooted_paths import Tree
from dashgen.workspace.build_records import FileRecord, Owned

LOCK_FILE = "dashgen.lock.json"
VERSION = 1
_RESTORE = "restore it from git; it says which files and alert rules dashgen owns"
_FILE = "file"
"""The kind of a file that holds no resource."""
_LARGEST = 256 * 2**20
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
    """A resource that is not built any more; it leaves a tombstone where Grafana needs one."""

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

    @property
    def hashes(self) -> dict[str, tuple[str, ...]]:
        """The hashes that each owned file may have: an interrupted build wrote it, or did not come to it."""
        hashes: dict[str, tuple[str, ...]] = {}
        for entry in self.resources:
            before = hashes.get(entry.path, ())
            if entry.sha256 not in before:
                hashes[entry.path] = (*before, entry.sha256)
        return hashes


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/") and "\0" not in path


def read_lock(output: Path, show: str, name: str = LOCK_FILE) -> tuple[Lock, list[Diagnostic]]:
    """The lock file of an output folder; an empty one when there is none.

    Args:
        output: the folder.
        show: the file as the user knows it.
        name: its name, for one that is not in force yet.
    """
    try:
        with Tree(output) as tree:
            content = tree.read(name, _LARGEST)
        if content is None:
            return Lock(), []
        lock = msgspec.json.decode(content, type=Lock)
    except IrregularFileError as error:
        message = f"the lock file cannot be read: {error.strerror}"
        return Lock(), [Diagnostic("lock/unreadable", message, Location(show), "remove it")]
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


def lock_bytes(output: Path) -> bytes | None:
    """The lock file as it is on the disk; nothing when there is none that can be read."""
    try:
        with Tree(output) as tree:
            return tree.read(LOCK_FILE, _LARGEST)
    except OSError:
        return None


def make_lock(
    records: Iterable[FileRecord], removed: Iterable[Removed], edited: Mapping[str, str] | None = None
) -> Lock:
    """The lock after a build: what is owned now, and what needs a tombstone.

    Args:
        records: the built files.
        removed: what was owned once.
        edited: files that no spec makes any more and that stay because somebody edited them, with the hash
            that they had before: they are remembered until they are gone.
    """
    entries = [
        LockEntry(o.kind, o.uid, record.path, record.sha256, o.spec, o.title)
        for record in records
        for o in record.owned or _file_itself(record)
    ]
    entries += [LockEntry(_FILE, path, path, digest, "") for path, digest in (edited or {}).items()]
    entries.sort(key=lambda entry: (entry.kind, entry.uid, entry.path))
    return Lock(VERSION, tuple(entries), tuple(sorted(removed)))


def with_files(lock: Lock, records: Iterable[FileRecord]) -> Lock:
    """The lock after only these files were built; its other entries stay."""
    new = make_lock(records, lock.removed)
    paths = set(new.files)
    entries = [*new.resources, *(entry for entry in lock.resources if entry.path not in paths)]
    entries.sort(key=lambda entry: (entry.kind, entry.uid, entry.path))
    return Lock(VERSION, tuple(entries), new.removed)


def _file_itself(record: FileRecord) -> tuple[Owned, ...]:
    return (Owned(_FILE, record.path, "", ""),)


def file_records(lock: Lock) -> list[FileRecord]:
    """The built files that a lock lists, in the order of their paths."""
    owned: dict[tuple[str, str], list[Owned]] = {}
    for entry in lock.resources:
        resources = owned.setdefault((entry.path, entry.sha256), [])
        if entry.kind != _FILE:
            resources.append(Owned(entry.kind, entry.uid, entry.title, entry.spec))
    return [FileRecord(path, digest, tuple(resources)) for (path, digest), resources in sorted(owned.items())]


def dump(lock: Lock) -> bytes:
    """The lock file's content."""
    return orjson.dumps(msgspec.to_builtins(lock), option=_OPTIONS)


def known_before(lock: Lock) -> list[Removed]:
    """Everything that was owned once: what the next build does not make leaves a tombstone."""
    return sorted({*(Removed(e.kind, e.uid, e.title) for e in lock.resources), *lock.removed})
