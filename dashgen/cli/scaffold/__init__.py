"""A small working project to start from, written by ``dashgen init``."""

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dashgen.core.errors import DashgenError
from dashgen.core.files.rooted_paths import Tree
from dashgen.project.schema import editor_schema

# A leading dot is spelt out in the package, because tools treat files with one specially.
_DOT = "dot-"
_SCHEMAS = {".vscode/dashgen.schema.json": None, ".vscode/dashgen.project.schema.json": "project"}


@cache
def project_files() -> Mapping[str, bytes]:
    """The files of the project by their path in it; the schemas among them take most of the time that `init` takes."""
    contents = dict(_walk(files(__name__) / "project", ""))
    for path, kind in _SCHEMAS.items():
        contents[path] = (json.dumps(editor_schema(kind), ensure_ascii=False) + "\n").encode()
    return dict(sorted(contents.items()))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    contents = []
    for child in folder.iterdir():
        path = prefix + (f".{child.name.removeprefix(_DOT)}" if child.name.startswith(_DOT) else child.name)
        contents += _walk(child, f"{path}/") if child.is_dir() else [(path, child.read_bytes())]
    return contents


def conflicts(folder: Path) -> list[str]:
    """What is in the way of the project in a folder."""
    return [path for path in project_files() if os.path.lexists(folder / path)]


def write_project(folder: Path) -> list[str]:
    """Write the project into a folder in which nothing is in the way.

    When a file cannot be written, those written before it are removed again.

    Returns:
        The paths of the files, below the folder.

    Raises:
        DashgenError: the files cannot be written.
    """
    written: list[Path] = []
    content = project_files()
    try:
        with Tree(folder) as tree:
            for path, data in content.items():
                # A file that somebody made meanwhile is not overwritten either.
                tree.create(path, data)
                written.append(folder / path)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise DashgenError(f"cannot write the project into {folder}: {reason}") from None
    return list(content)
