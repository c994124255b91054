"""Files of dashboards become spec text."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from dashgen.backends.dashboards import folder_problem
from dashgen.diagnostics import Diagnostic, Location
from dashgen.importer.dashboard import Imported, Importer
from dashgen.importer.upgrade.source import NotADashboardError, find_dashboard
from dashgen.importer.writing import written
from dashgen.passes.identity import slug

_MAX_BYTES = 16 * 1024 * 1024
_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 80


@dataclass(slots=True)
class ImportedFile:
    """A file's spec as text, the name of the file that it belongs into, and what was noticed."""

    name: str
    text: str
    imported: Imported
    lines: int


def import_file(path: Path, importer: Importer) -> ImportedFile | Diagnostic:
    """The spec of the dashboard in a file, or why there is none."""
    raw = _read(path)
    if isinstance(raw, Diagnostic):
        return raw
    try:
        data = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        reason = str(error).partition(":")[0].lower()
        return Diagnostic("import/json", f"it is not JSON: {reason}", Location(str(path)), _hint(raw))
    try:
        source = find_dashboard(data)
    except NotADashboardError as error:
        return Diagnostic("import/dashboard", str(error), Location(str(path)), error.hint)
    if source.folder is not None and folder_problem(source.folder):
        source = replace(source, folder=None)
    imported = importer.dashboard(source)
    text = written(imported, importer)
    name = _NAME.sub("-", imported.spec.get("uid") or slug(imported.spec["title"])).strip("-")[:_LONGEST_NAME]
    lines = orjson.dumps(data, option=orjson.OPT_INDENT_2).count(b"\n") + 1
    return ImportedFile(f"{name or 'dashboard'}.yaml", text, imported, lines)


def _read(path: Path) -> bytes | Diagnostic:
    place = Location(str(path))
    try:
        if not path.is_file():
            reason = "it is a folder" if path.is_dir() else "there is no such file"
            return Diagnostic("file/unreadable", f"cannot read it: {reason}", place)
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        return Diagnostic(
            "file/unreadable", f"cannot read it: {(error.strerror or str(error)).lower()}", place
        )
    if len(raw) > _MAX_BYTES:
        return Diagnostic("file/too-large", f"the file is larger than {_MAX_BYTES // 2**20} MB", place)
    return raw


def _hint(raw: bytes) -> str:
    return (
        "give a dashboard as JSON; a spec needs no import"
        if b"kind:" in raw[:2000]
        else "export the dashboard as JSON"
    )
