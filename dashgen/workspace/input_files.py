"""The spec files of a build as names and content hashes; nothing heavy is imported to find out that nothing changed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dashgen.core.errors import DashgenError
from dashgen.core.files.file_names import is_utf8
from dashgen.core.files.regular import read_regular
from dashgen.core.files.symlinks import enclosing, leads_outside
from dashgen.source.source_limits import MARK, MAX_BYTES

PROJECT_FILE = "dashgen.yaml"
_SUFFIXES = (".yaml", ".yml")
_NEARLY = (*_SUFFIXES, ".json")


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A spec file: its path, its name as it is shown (relative to the project, with ``/``), and its content's hash.

    The hash of a file that cannot be read, or is too large to be a spec, is empty. ``marked`` says whether the file may have
    comments that silence findings.
    """

    path: str
    name: str
    sha256: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ListingProblem:
    """A folder or file that could not be looked at, or that has a name by which it is none of the specs."""

    path: str
    reason: str
    ignored: bool = False


def find_project(start: Path) -> Path | None:
    """The nearest folder upwards with a project file, whatever kind of file that is."""
    start = start.resolve()
    return next(
        (folder for folder in (start, *start.parents) if os.path.lexists(folder / PROJECT_FILE)), None
    )


def require_inside(path: Path) -> None:
    """See that a file or folder that is written as one of a project is in it.

    Raises:
        DashgenError: a link leads out of the project.
    """
    project = enclosing(path.parent, PROJECT_FILE)
    if project is not None and leads_outside(project, Path.cwd() / path):
        raise DashgenError(f"cannot write to {path}: a link leads out of the project; remove it")


def list_specs(root: Path, folders: Sequence[str]) -> tuple[list[SpecFile], list[ListingProblem]]:
    """Every YAML file below the spec folders, in the order of names, and what could not be looked at.

    Links inside of the project are followed, but no folder is entered twice, so that a loop of links ends. What a link
    out of the project leads to is not read: a finding would show it.
    """
    listing = _Listing(os.path.realpath(root))
    found: dict[str, SpecFile] = {}
    prefix = f"{root}{os.sep}"
    for folder in folders:
        for path in listing.start(os.path.normpath(prefix + folder)):
            name = path.removeprefix(prefix).replace(os.sep, "/")
            if name not in found:
                found[name] = SpecFile(path, name, *_looked_at(path))
    return [found[name] for name in sorted(found)], listing.problems


def _looked_at(path: str) -> tuple[str, bool]:
    """The hash of a file's content, and whether it may have comments that silence findings."""
    try:
        content = read_regular(path, MAX_BYTES)
    except OSError:
        return "", False
    return sha256(content).hexdigest(), MARK in content


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
            stat = os.stat(folder)  # noqa: PTH116  # see above
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
        """Whether it may be opened: reading a pipe or a device might never end. A broken link is told when it is read."""
        if entry.is_file() or not os.path.exists(entry.path):  # noqa: PTH110  # see above
            return True
        self._report(entry.path, "it is neither a file nor a folder")
        return False

    def _report(self, path: str, reason: str) -> None:
        self.problems.append(ListingProblem(path, reason))
