"""Which of the paths that somebody names are specs, and which are artifacts."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.workspace.input_files import PROJECT_FILE, find_project

_KIND = lazy_pattern(r"^kind:", re.MULTILINE)
_RESOURCE = lazy_pattern(r"^apiVersion:", re.MULTILINE)
_YAML = (".yaml", ".yml")
SpecFolders: TypeAlias = Callable[[Path], tuple[Path, ...]]


class SortedPaths(Struct):
    """Paths by what they are; a folder without any specs stays whole."""

    specs: list[Path] = []
    artifacts: list[Path] = []


def sort_paths(paths: Sequence[Path]) -> SortedPaths:
    """Files and folders as specs and artifacts.

    A spec is YAML below a spec folder of its project, and elsewhere YAML with a `kind` and without an
    `apiVersion`. A folder with specs in it gives those and what else is below it; other YAML beside specs is
    of no interest.
    """
    sorted_paths, folders = SortedPaths(), cache(_spec_folders)
    for path in paths:
        if path.is_dir():
            _sort_folder(path, sorted_paths, folders)
        else:
            (sorted_paths.specs if _is_spec(path, folders) else sorted_paths.artifacts).append(path)
    return sorted_paths


def _sort_folder(folder: Path, sorted_paths: SortedPaths, folders: SpecFolders) -> None:
    files = _files(folder)
    specs = [path for path in files if _is_spec(path, folders)]
    if not specs:
        sorted_paths.artifacts.append(folder)
        return
    sorted_paths.specs += specs
    for child in _children(folder):
        if child.is_symlink():
            continue
        if child.is_dir():
            _sort_folder(child, sorted_paths, folders)
        elif child.suffix.lower() == ".json":
            sorted_paths.artifacts.append(child)
    sorted_paths.specs = list(dict.fromkeys(sorted_paths.specs))


def _files(folder: Path) -> list[Path]:
    """Every YAML file below a folder; links to folders are not followed, hidden folders not entered."""
    files = []
    for child in _children(folder):
        if child.is_dir():
            files += [] if child.is_symlink() else _files(child)
        elif child.suffix.lower() in _YAML:
            files.append(child)
    return files


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if not child.name.startswith("."))
    except OSError:
        return []


def _spec_folders(folder: Path) -> tuple[Path, ...]:
    """The spec folders of the project that a folder is in."""
    from dashgen.workspace.workspace import open_workspace  # a YAML parser, only where there is a project

    root = find_project(folder)
    names = open_workspace(root).project.specs if root is not None else []
    return tuple((root / name).resolve() for name in names if root is not None)


def _is_spec(path: Path, folders: SpecFolders) -> bool:
    if path.name == PROJECT_FILE:
        # Outputs have a file of this name too: the provider of dashboards, the list of data sources.
        return path.parent.name not in ("dashboards", "datasources", "alerting")
    if path.suffix.lower() not in _YAML or (path.exists() and not path.is_file()):
        # Reading a pipe or a device might never end.
        return False
    if any(path.resolve().is_relative_to(folder) for folder in folders(path.parent)):
        return True
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return False
    return bool(_KIND.search(text)) and not _RESOURCE.search(text)
