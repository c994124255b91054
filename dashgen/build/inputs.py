"""The spec files of a build as names and content hashes; nothing heavy is imported to find out that nothing changed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dashgen.spec.limits import MAX_BYTES

PROJECT_FILE = "dashgen.yaml"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A spec file: its path, its name as it is shown (relative to the project, with ``/``), and its content's hash.

    The hash of a file that cannot be read, or is too large to be a spec, is empty.
    """

    path: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ListingProblem:
    """A folder or file that could not be looked at."""

    path: str
    reason: str


def find_project(start: Path) -> Path | None:
    """The nearest folder upwards with a project file, whatever kind of file that is."""
    start = start.resolve()
    return next(
        (folder for folder in (start, *start.parents) if os.path.lexists(folder / PROJECT_FILE)), None
    )


def list_specs(root: Path, folders: Sequence[str]) -> tuple[list[SpecFile], list[ListingProblem]]:
    """Every YAML file below the spec folders, in the order of names, and what could not be looked at.

    Links are followed, but no folder is entered twice, so that a loop of links ends.
    """
    problems: list[ListingProblem] = []
    seen: set[tuple[int, int]] = set()
    found: dict[str, SpecFile] = {}
    prefix = f"{root}{os.sep}"
    for folder in folders:
        for path in _walk(os.path.normpath(prefix + folder), seen, problems):
            name = path.removeprefix(prefix).replace(os.sep, "/")
            if name not in found:
                found[name] = SpecFile(path, name, _hash(path))
    return [found[name] for name in sorted(found)], problems


def _hash(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # the fast path of every build
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                return ""
            return sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _walk(folder: str, seen: set[tuple[int, int]], problems: list[ListingProblem]) -> Iterator[str]:
    try:
        stat = os.stat(folder)  # noqa: PTH116  # see above
        if (stat.st_dev, stat.st_ino) in seen:
            return
        seen.add((stat.st_dev, stat.st_ino))
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(ListingProblem(folder, (error.strerror or str(error)).lower()))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        try:
            if entry.is_dir():
                yield from _walk(entry.path, seen, problems)
            elif entry.name.endswith(_SUFFIXES) and _is_readable(entry, problems):
                yield entry.path
        except OSError as error:
            problems.append(ListingProblem(entry.path, (error.strerror or str(error)).lower()))


def _is_readable(entry: os.DirEntry[str], problems: list[ListingProblem]) -> bool:
    """Whether it may be opened: reading a pipe or a device might never end. A broken link is told when it is read."""
    if entry.is_file() or not os.path.exists(entry.path):  # noqa: PTH110  # see above
        return True
    problems.append(ListingProblem(entry.path, "it is neither a file nor a folder"))
    return False
