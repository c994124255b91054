"""The spec files of a build as names and content hashes.

A build that finds nothing changed needs no more than this, so it imports neither `typing` nor `dataclasses`
nor `pathlib`.
"""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256

from dashgen.core.files.file_names import is_utf8
from dashgen.core.files.regular import read_regular
from dashgen.source.source_limits import MARK, MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PROJECT_FILE = "dashgen.yaml"
_SUFFIXES = (".yaml", ".yml")
_NEARLY = (*_SUFFIXES, ".json")


class SpecFile:
    """A spec file: its path, the name that is shown (relative to the project, with ``/``), and its hash.

    The hash of a file that cannot be read, or is too large to be a spec, is empty. ``marked`` says whether
    the file may have comments that silence findings.
    """

    __slots__ = ("marked", "name", "path", "sha256")

    def __init__(self, path: str, name: str, sha256: str, *, marked: bool = False) -> None:
        self.path = path
        self.name = name
        self.sha256 = sha256
        self.marked = marked


class ListingProblem:
    """A folder or file that could not be looked at, or that has a name by which it is none of the specs."""

    __slots__ = ("ignored", "path", "reason")

    def __init__(self, path: str, reason: str, *, ignored: bool = False) -> None:
        self.path = path
        self.reason = reason
        self.ignored = ignored


def project_folder(start: str) -> str | None:
    """The nearest folder upwards with a project file of any kind, without links in its path."""
    folder = os.path.realpath(start)
    while not os.path.lexists(f"{folder}{os.sep}{PROJECT_FILE}"):
        above = os.path.dirname(folder)  # no pathlib here
        if above == folder:
            return None
        folder = above
    return folder


def find_project(start: "Path") -> "Path | None":
    """The nearest folder upwards with a project file, whatever kind of file that is."""
    folder = project_folder(os.fspath(start))
    return None if folder is None else type(start)(folder)


def project_bytes(root: "str | Path") -> bytes:
    """The project file's content; empty when there is none."""
    try:
        return read_regular(f"{root}{os.sep}{PROJECT_FILE}")
    except OSError:
        return b""


def list_specs(root: "str | Path", folders: Sequence[str]) -> tuple[list[SpecFile], list[ListingProblem]]:
    """Every YAML file below the spec folders, in the order of names, and what could not be looked at.

    Links inside of the project are followed, but no folder is entered twice, so that a loop of links ends.
    What a link out of the project leads to is not read: a finding would show it.
    """
    listing = _Listing(os.path.realpath(root))
    files: dict[str, SpecFile] = {}
    prefix = f"{root}{os.sep}"
    for folder in folders:
        for path in listing.start(os.path.normpath(prefix + folder)):
            name = path.removeprefix(prefix).replace(os.sep, "/")
            # Spec folders may lie inside of each other.
            if name not in files:
                files[name] = read_spec_file(path, name)
    return [files[name] for name in sorted(files)], listing.problems


def read_spec_file(path: str, name: str) -> SpecFile:
    """The spec file at a path, under the name by which it is shown."""
    try:
        content = read_regular(path, MAX_BYTES)
    except OSError:
        return SpecFile(path, name, "")
    return SpecFile(path, name, sha256(content).hexdigest(), marked=MARK in content)


class _Listing:
    """A walk through folders.

    Args:
        root: the project's folder, without links in its path.
    """

    def __init__(self, root: str) -> None:
        self.problems: list[ListingProblem] = []
        self._root = root
        self._seen: set[tuple[int, int]] = set()

    def start(self, folder: str) -> Iterator[str]:
        """Every YAML file below a spec folder."""
        if self._is_inside(folder):
            yield from self._walk(folder)

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            stat = os.stat(folder)  # see above
            if (stat.st_dev, stat.st_ino) in self._seen:
                return
            self._seen.add((stat.st_dev, stat.st_ino))
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._report(folder, (error.strerror or str(error)).lower())
            return
        for entry in listed:
            if entry.name.startswith("."):
                continue
            try:
                yield from self._entry(entry)
            except OSError as error:
                self._report(entry.path, (error.strerror or str(error)).lower())

    def _entry(self, entry: os.DirEntry[str]) -> Iterator[str]:
        is_folder = entry.is_dir()
        if not is_folder and not entry.name.endswith(_SUFFIXES):
            if entry.name.lower().endswith(_NEARLY):
                self.problems.append(ListingProblem(entry.path, "", ignored=True))
            return
        if not is_utf8(entry.name):
            self._report(entry.path, "its name is not UTF-8; rename it")
        elif not entry.is_symlink() or self._is_inside(entry.path):
            if is_folder:
                yield from self._walk(entry.path)
            elif self._is_readable(entry):
                yield entry.path

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(path)
        inside = real == self._root or real.startswith(self._root.rstrip(os.sep) + os.sep)
        if not inside:
            self._report(path, "it is a link that leads out of the project; put a copy there")
        return inside

    def _is_readable(self, entry: os.DirEntry[str]) -> bool:
        """Whether it may be opened: reading a pipe might never end. Readers report broken links."""
        if entry.is_file() or not os.path.exists(entry.path):  # see above
            return True
        self._report(entry.path, "it is neither a file nor a folder")
        return False

    def _report(self, path: str, reason: str) -> None:
        self.problems.append(ListingProblem(path, reason))
