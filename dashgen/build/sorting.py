"""Which of the paths that somebody names are specs, and which are artifacts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dashgen.build.inputs import PROJECT_FILE

_KIND = re.compile(r"^kind:", re.MULTILINE)
_RESOURCE = re.compile(r"^apiVersion:", re.MULTILINE)
_YAML = (".yaml", ".yml")


@dataclass(slots=True)
class Sorted:
    """Paths by what they are; a folder without any specs stays whole."""

    specs: list[Path] = field(default_factory=list)
    artifacts: list[Path] = field(default_factory=list)


def sort_paths(paths: Sequence[Path]) -> Sorted:
    """Files and folders as specs and artifacts: a spec is YAML with a `kind` and without an `apiVersion`.

    A folder with specs in it gives those and what else is below it; other YAML beside specs is nobody's business.
    """
    found = Sorted()
    for path in paths:
        if path.is_dir():
            _sort_folder(path, found)
        else:
            (found.specs if _is_spec(path) else found.artifacts).append(path)
    return found


def _sort_folder(folder: Path, found: Sorted) -> None:
    files = _files(folder)
    specs = [path for path in files if _is_spec(path)]
    if not specs:
        found.artifacts.append(folder)
        return
    found.specs += specs
    for child in _children(folder):
        if child.is_symlink():
            continue
        if child.is_dir():
            _sort_folder(child, found)
        elif child.suffix.lower() == ".json":
            found.artifacts.append(child)
    found.specs = list(dict.fromkeys(found.specs))


def _files(folder: Path) -> list[Path]:
    """Every YAML file below a folder; links to folders are not followed, hidden folders not entered."""
    found = []
    for child in _children(folder):
        if child.is_dir():
            found += [] if child.is_symlink() else _files(child)
        elif child.suffix.lower() in _YAML:
            found.append(child)
    return found


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if not child.name.startswith("."))
    except OSError:
        return []


def _is_spec(path: Path) -> bool:
    if path.name == PROJECT_FILE:
        # Outputs have a file of this name too: the provider of dashboards, the list of data sources.
        return path.parent.name not in ("dashboards", "datasources", "alerting")
    if path.suffix.lower() not in _YAML:
        return False
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return False
    return bool(_KIND.search(text)) and not _RESOURCE.search(text)
