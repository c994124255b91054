"""The small working project that ``dashgen init`` creates."""

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.rooted_paths import Tree
from dashgen.project.schema import editor_schema
from dashgen.workspace.input_files import PROJECT_FILE

# A leading dot is written out in the package, because git and build tools treat such files specially.
_DOT = "dot-"
_SCHEMAS = {".vscode/dashgen.schema.json": None, ".vscode/dashgen.project.schema.json": "project"}


@cache
def project_files() -> Mapping[str, bytes]:
    """The contents of the project's files by their paths in it."""
    return _with_schemas(_walk(files(__name__) / "project", ""))


def companion_files() -> Mapping[str, bytes]:
    """The files beside the specs of a project that starts from what exists: checks, settings, a page."""
    own = {path: content for path, content in project_files().items() if not is_essential(path)}
    return {**own, **dict(_walk(files(__name__) / "adopted", ""))}


def _with_schemas(files_of_package: Iterable[tuple[str, bytes]]) -> Mapping[str, bytes]:
    contents = dict(files_of_package)
    for path, kind in _SCHEMAS.items():
        contents[path] = (json.dumps(editor_schema(kind), ensure_ascii=False) + "\n").encode()
    return dict(sorted(contents.items()))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    contents = []
    for child in folder.iterdir():
        path = prefix + (f".{child.name.removeprefix(_DOT)}" if child.name.startswith(_DOT) else child.name)
        contents += _walk(child, f"{path}/") if child.is_dir() else [(path, child.read_bytes())]
    return contents


def is_essential(path: str) -> bool:
    """Whether a project is made of a file, which beside others is in nobody's way."""
    return path == PROJECT_FILE or path.startswith("specs/")


def conflicts(folder: Path, files: Iterable[str] | None = None) -> list[str]:
    """The paths of a project's own files that exist in a folder already; by default of the new one's."""
    paths = project_files() if files is None else files
    return [path for path in paths if is_essential(path) and os.path.lexists(folder / path)]


class WrittenProject(NamedTuple):
    """The paths of the files that were written, and of those that were there and stay."""

    written: list[str]
    existing: list[str]


def write_project(folder: Path, files: Mapping[str, bytes] | None = None) -> WrittenProject:
    """Write a project into a folder that has no project; other files that are there stay as they are.

    If a file cannot be written, those written before it are removed again.

    Args:
        folder: the folder, which is made if it is missing.
        files: the contents by path; those of the example when absent.

    Raises:
        DashgenError: the files cannot be written.
    """
    content = project_files() if files is None else files
    existing = [path for path in content if not is_essential(path) and os.path.lexists(folder / path)]
    written: list[Path] = []
    try:
        with Tree(folder) as tree:
            for path in sorted(content.keys() - set(existing)):
                # `create` fails on a file that somebody has made since `conflicts` looked.
                tree.create(path, content[path])
                written.append(folder / path)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        raise DashgenError(f"cannot write the project into {folder}: {os_reason(error)}") from None
    return WrittenProject([path.relative_to(folder).as_posix() for path in written], existing)
