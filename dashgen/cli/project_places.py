"""Rewrite the file names of findings for a terminal or the root of a repository."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location, TextFix

Rename = Callable[[str], str]


def as_seen_from(folder: Path, root: Path) -> Rename:
    """A function that turns a file name relative to a project into one relative to a folder.

    Args:
        folder: the folder from which files are named.
        root: the project's folder.
    """
    here, base = folder.resolve(), root.resolve()
    if here == base:
        return lambda name: name
    inside = here.is_relative_to(base)

    def rename(name: str) -> str:
        if not name or "://" in name:
            return name
        path = base / name
        # Relative within the folder or the project; a chain of `../` out of both would be harder to read than
        # the full path.
        if path.is_relative_to(here) or (inside and path.is_relative_to(base)):
            return Path(os.path.relpath(path, here)).as_posix()
        return path.as_posix()

    return rename


def shown_path(path: Path, root: Path) -> str:
    """A path as findings name it: relative to the project where it is inside."""
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.as_posix()


def repository_of(folder: Path) -> Path:
    """The root of the git repository that a folder is in; the folder itself when it is in none."""
    start = folder.resolve()
    # In worktrees and submodules `.git` is a file.
    return next((parent for parent in (start, *start.parents) if (parent / ".git").exists()), start)


def renamed(diagnostics: Iterable[Diagnostic], rename: Rename) -> list[Diagnostic]:
    """The findings with the names of their files rewritten."""
    return [
        replace(
            diagnostic,
            location=_renamed(diagnostic.location, rename) if diagnostic.location else None,
            related=tuple(
                replace(note, location=_renamed(note.location, rename)) for note in diagnostic.related
            ),
            fix=_renamed_fix(diagnostic.fix, rename) if diagnostic.fix else None,
        )
        for diagnostic in diagnostics
    ]


def _renamed(location: Location, rename: Rename) -> Location:
    return replace(location, file=rename(location.file))


def _renamed_fix(fix: TextFix, rename: Rename) -> TextFix:
    return replace(fix, edits=tuple(replace(edit, file=rename(edit.file)) for edit in fix.edits))
