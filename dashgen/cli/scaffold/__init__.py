"""The small working project that ``dashgen init`` creates."""

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

# A leading dot is written out in the package, because git and build tools treat such files specially.
_DOT = "dot-"
_SCHEMAS = {".vscode/dashgen.schema.json": None, ".vscode/dashgen.project.schema.json": "project"}


@cache
def project_files() -> Mapping[str, bytes]:
    """The contents of the project's files by their paths in it."""
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
    """The paths of the project that exist in a folder already."""
    return [path for path in project_files() if os.path.lexists(folder / path)]


def write_project(folder: Path) -> list[str]:
    """Write the project into a folder that has none of its files.

    If a file cannot be written, those written before it are removed again.

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
                # `create` fails on a file that somebody has made since `conflicts` looked.
                tree.create(path, data)
                written.append(folder / path)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise DashgenError(f"cannot write the project into {folder}: {reason}") from None
    return list(content)
