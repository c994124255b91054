"""What was pushed last to one Grafana, remembered on this machine: checksums and versions, never contents.

One file has the entries; a journal beside it takes what a running push does, line by line, so that a push
that is killed in the middle has lost nothing. The next one reads both.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.rooted_paths import Tree
from dashgen.formats.resources import Key
from dashgen.project.git_revision import is_tracked
from dashgen.workspace.build_cache import FOLDER, hide_from_git

VERSION = 1
_PRIVATE = 0o600
_STEPS = len(Path(FOLDER, "push").parts)


class StateBusyError(DashgenError):
    """Another push to the same Grafana is running."""

    exit_code = 4


class Pushed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one resource.

    Attributes:
        checksum: that of what Grafana made of the last push.
        version: Grafana's version of it then, where it has one.
        pending: the checksum of what a push was about to write, when it is not known whether it did.
        owned: whether dashgen made it, so that it may be pruned.
        title: its title then.
        source: the hash of the text that it was made from, where there is one.
        secrets: a salted, slow fingerprint of its secrets, which tells only whether they changed.
        undone: the checksum of what the specs defined before a pull took over what is there; when they define
            that again, the pull was undone.
        parts: the checksums of its parts then, where it has some that can be merged.
    """

    checksum: str = ""
    version: str = ""
    pending: str = ""
    owned: bool = False
    title: str = ""
    source: str = ""
    secrets: str = ""
    undone: str = ""
    parts: dict[str, str] = {}


class _Line(msgspec.Struct, omit_defaults=True):
    kind: str
    uid: str
    pushed: Pushed | None = None


class _StateFile(msgspec.Struct):
    url: str
    version: int = VERSION
    entries: list[_Line] = []


class PushState:
    """The entries for one Grafana; `remember` and `forget` are on the disk when they return."""

    def __init__(self, path: Path, url: str) -> None:
        """The state in a file, `.dashgen/push/NAME.json` of a project."""
        self.path = path
        self.url = url
        self.entries: dict[Key, Pushed] = {}
        self._journal: IO[bytes] | None = None
        self._load()

    def get(self, key: Key) -> Pushed | None:
        """What is known of a resource."""
        return self.entries.get(key)

    def uids(self, kind: str) -> frozenset[str]:
        """The uids of the known resources of a kind."""
        return frozenset(uid for entry_kind, uid in self.entries if entry_kind == kind)

    def remember(self, key: Key, pushed: Pushed) -> None:
        """Remember a resource.

        Raises:
            DashgenError: the file cannot be written.
        """
        # On the disk before it counts, so that whoever is killed now has lost nothing.
        if self.entries.get(key) != pushed:
            self._append(_Line(*key, pushed))
            self.entries[key] = pushed

    def forget(self, key: Key) -> None:
        """Forget a resource that is gone."""
        if key in self.entries:
            self._append(_Line(*key))
            del self.entries[key]

    def close(self) -> None:
        """Write the journal into the file, when there is one."""
        if self._journal is None and not self._journal_path.exists():
            return
        lines = [_Line(*key, pushed) for key, pushed in sorted(self.entries.items())]
        content = msgspec.json.format(msgspec.json.encode(_StateFile(self.url, VERSION, lines)), indent=2)
        try:
            if self._journal is not None:
                self._journal.close()
                self._journal = None
            with _project(self.path) as tree:
                tree.replace(_below(self.path), content + b"\n", _PRIVATE)
                # Only now: whatever is lost in between, one of the two files has it.
                tree.remove(_below(self._journal_path))
        except OSError as error:
            raise _unwritable(self.path, error) from None

    @property
    def _journal_path(self) -> Path:
        # A target may get another address: its old journal is not about that.
        return _beside(self.path, f".{sha256(self.url.encode()).hexdigest()[:8]}.journal")

    def _append(self, line: _Line) -> None:
        try:
            if self._journal is None:
                self._journal = _private(self._journal_path)
            # A line break before it too: an earlier line may have been cut by a full disk or a kill.
            self._journal.write(b"\n" + msgspec.json.encode(line) + b"\n")
            self._journal.flush()
        except OSError as error:
            raise _unwritable(self._journal_path, error) from None

    def _load(self) -> None:
        try:
            content = _read(self.path)
            state_file = (
                msgspec.json.decode(content, type=_StateFile) if content is not None else _StateFile(self.url)
            )
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
            # A damaged file is as good as none: what it knew is asked of Grafana, and in doubt nothing is
            # overwritten.
            state_file = _StateFile(self.url)
        # A target that has another address now is another Grafana: what was pushed to the old one does not
        # count.
        if state_file.url == self.url and state_file.version == VERSION:
            self.entries = {(line.kind, line.uid): line.pushed for line in state_file.entries if line.pushed}
        # The journal is newer than the file, as a push that ends writes it into the file and removes it.
        for line in self._journal_lines():
            if line.pushed is None:
                self.entries.pop((line.kind, line.uid), None)
            else:
                self.entries[line.kind, line.uid] = line.pushed

    def _journal_lines(self) -> Iterator[_Line]:
        try:
            lines = (_read(self._journal_path) or b"").splitlines()
        except OSError:
            return
        for line in lines:
            with suppress(msgspec.MsgspecError, ValueError):
                # A line that is half was not whole on the disk before its request left, so nothing came of
                # it.
                yield msgspec.json.decode(line, type=_Line)


@contextmanager
def open_state(root: Path, name: str, url: str, *, writes: bool) -> Iterator[PushState]:
    """The state for one Grafana.

    Args:
        root: the project's folder.
        name: the target's name, or nothing when only its address is known.
        url: the address with the organization.
        writes: whether to keep other pushes to it from running at once.

    Raises:
        BusyError: another push is running.
        DashgenError: git tracks what this machine remembers.
    """
    _require_own(root)
    folder = root / FOLDER / "push"
    path = folder / f"{_file_name(name, url)}.json"
    # Whoever only reads need not wait for a push that is running.
    if not writes:
        yield PushState(path, url)
        return
    prepare_folder(root, folder)
    with _locked(_beside(path, ".lock"), url):
        # Read under the lock, or a push that has just ended would be missed.
        state = PushState(path, url)
        try:
            yield state
        finally:
            state.close()


def _require_own(root: Path) -> None:
    """Refuse a memory that came with a branch: whoever wrote it would decide what is overwritten and deleted.

    Raises:
        DashgenError: git tracks something of it, or cannot say.
    """
    if (root / FOLDER).exists() and is_tracked(root, FOLDER):
        raise DashgenError(
            f"git tracks `{FOLDER}/`, which remembers what this machine pushed: a branch would decide "
            f"what is overwritten and deleted; run `git rm -r --cached {FOLDER}` and commit that"
        )


@contextmanager
def _locked(path: Path, url: str) -> Iterator[None]:
    try:
        file = _private(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    with file:
        try:
            # The kernel drops this lock with its process, so a push that was killed blocks no other.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateBusyError(f"another push to `{url}` is running in this project; wait for it") from None
        yield


def prepare_folder(root: Path, folder: Path) -> None:
    """Make a folder below `.dashgen` that git does not see.

    Raises:
        DashgenError: it cannot be made.
    """
    try:
        with Tree(root) as tree:
            tree.make_folder(folder.relative_to(root).as_posix(), mode=0o700)
            hide_from_git(tree)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name.removesuffix(".json") + suffix)


def _project(path: Path) -> Tree:
    """The project's folder, from which the way to a file is walked without following links."""
    return Tree(path.parents[_STEPS])


def _below(path: Path) -> str:
    return path.relative_to(path.parents[_STEPS]).as_posix()


def _read(path: Path) -> bytes | None:
    with _project(path) as tree:
        return tree.read(_below(path))


def _private(path: Path) -> IO[bytes]:
    with _project(path) as tree:
        return os.fdopen(tree.open_for_append(_below(path), _PRIVATE), "wb")


def _file_name(name: str, url: str) -> str:
    # A target may be called anything, and two names may look alike without what no file name has: a hash
    # tells them apart.
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name or url.partition("://")[2]).strip("-.")[:60]
    if name and plain == name:
        return plain
    return f"{plain}-{sha256((name or url).encode()).hexdigest()[:8]}"


def _unwritable(path: Path, error: OSError) -> DashgenError:
    return DashgenError(f"cannot write `{path}`: {os_reason(error)}")
