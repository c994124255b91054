"""The places of findings as somebody in a terminal, or a program at the root of a repository, can follow them."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from dashgen.core.diagnostics import Diagnostic, Location

Rename = Callable[[str], str]


def as_seen_from(folder: Path, root: Path) -> Rename:
    """How names of files that are relative to a project are shown in a folder.

    Args:
        folder: where somebody stands.
        root: the project's folder.
    """
    here, base = folder.resolve(), root.resolve()
    if here == base:
        return lambda name: name
    inside = here.is_relative_to(base)

    def rename(name: str) -> str:
        if "://" in name:
            return name
        path = base / name
        if path.is_relative_to(here) or (inside and path.is_relative_to(base)):
            return Path(os.path.relpath(path, here)).as_posix()
        return path.as_posix()

    return rename


def repository_of(folder: Path) -> Path:
    """The root of the git repository that a folder is in; the folder itself when it is in none."""
    start = folder.resolve()
    return next((one for one in (start, *start.parents) if (one / ".git").exists()), start)


def renamed(diagnostics: Iterable[Diagnostic], rename: Rename) -> list[Diagnostic]:
    """The findings with other names of their files."""
    return [
        replace(
            one,
            location=_renamed(one.location, rename) if one.location else None,
            related=tuple(replace(note, location=_renamed(note.location, rename)) for note in one.related),
        )
        for one in diagnostics
    ]


def _renamed(location: Location, rename: Rename) -> Location:
    return replace(location, file=rename(location.file))
