"""Read what there is to import from files and standard input, before it is known what it is."""

import sys
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, has_errors
from dashgen.core.errors import SpecError
from dashgen.core.json_values import Json, mapping
from dashgen.source.as_written import texts_as_written
from dashgen.source.load import decode, load_text
from dashgen.source.manifests import embedded_files, is_manifest

MAX_BYTES = 16 * 1024 * 1024
STDIN = "-"


class ImportInput(Struct, frozen=True):
    """One thing to import.

    Attributes:
        name: where it came from, for people.
        data: what it is, as plain data.
        lines: how many lines it has.
    """

    name: str
    data: Any
    lines: int


def read_source(name: str) -> list[ImportInput] | Diagnostic:
    """What is in a file, or comes from standard input.

    Args:
        name: a path, or ``-``.
    """
    if name == STDIN:
        return parse("<stdin>", _bounded("<stdin>", sys.stdin.buffer))
    return read_file(Path(name))


def read_file(path: Path) -> list[ImportInput] | Diagnostic:
    """What is in a file: JSON or YAML, one document or several."""
    location = Location(str(path))
    if path.suffix == ".py":
        message = "it is a Python program, and programs of others are not run"
        hint = f"run it with grafanalib: `generate-dashboard {path} | dashgen import -`"
        return Diagnostic("import/python", message, location, hint)
    try:
        if not path.is_file():
            reason = "it is a folder" if path.is_dir() else "there is no such file"
            return Diagnostic("file/unreadable", f"cannot read it: {reason}", location)
        with path.open("rb") as file:
            raw = _bounded(str(path), file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Diagnostic("file/unreadable", f"cannot read it: {reason}", location)
    return parse(str(path), raw)


def _bounded(name: str, stream: BinaryIO) -> bytes | Diagnostic:
    # One byte more than is allowed tells a file that is too large from one that just fits.
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        return Diagnostic(
            "file/too-large", f"the file is larger than {MAX_BYTES // 2**20} MB", Location(name)
        )
    return raw


def parse(name: str, raw: bytes | Diagnostic) -> list[ImportInput] | Diagnostic:
    """The documents of a text in JSON or YAML."""
    if isinstance(raw, Diagnostic):
        return raw
    # Editors on Windows write a mark of the byte order, which JSON does not allow.
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason = str(error).partition(":")[0].lower()
        return _yaml(name, raw, reason)
    return _opened([ImportInput(name, _as_written(name, raw, data), lines_of(data))])


def _as_written(name: str, raw: bytes, data: object) -> Any:
    """The data of a rule file in JSON with its texts as YAML reads them.

    Prometheus and Grafana read such a file as YAML, in which a text such as ``1e3`` may be another value than
    in JSON.
    """
    if "groups" not in mapping(data):
        return data
    try:
        loaded = load_text(name, decode(raw, name))
    except SpecError:
        return data
    fits = len(loaded.documents) == 1 and not loaded.diagnostics
    return texts_as_written(loaded.documents[0]) if fits else data


def lines_of(data: object) -> int:
    """How many lines data has as indented JSON; 0 when it is nested too deeply to be written."""
    try:
        return orjson.dumps(data, option=orjson.OPT_INDENT_2).count(b"\n") + 1
    except orjson.JSONEncodeError:
        return 0


def _yaml(name: str, raw: bytes, reason: str) -> list[ImportInput] | Diagnostic:
    not_json = Diagnostic("import/json", f"it is not JSON: {reason}", Location(name), _hint(raw))
    # Broken JSON may be YAML of another meaning, and its errors would be those of YAML.
    if raw.lstrip()[:1] in (b"{", b"["):
        return not_json
    try:
        text = decode(raw, name)
        loaded = load_text(name, text)
    except SpecError as error:
        return error.diagnostics[0]
    documents = [document for document in loaded.documents if isinstance(document.data, dict | list)]
    if has_errors(loaded.diagnostics):
        return loaded.diagnostics[0]
    if not documents:
        return not_json
    count = text.count("\n") // len(documents) + 1
    return _opened([ImportInput(name, texts_as_written(document), count) for document in documents])


def _opened(inputs: list[ImportInput]) -> list[ImportInput] | Diagnostic:
    """The inputs, with files in place of Kubernetes resources, or what is wrong with one."""
    opened: list[ImportInput] = []
    for item in inputs:
        files = list(embedded_files(item.data)) if is_manifest(item.data) else []
        if not files:
            opened.append(item)
        for file in files:
            name = f"{item.name} ({file.name})" if len(files) > 1 else item.name
            if file.text is None:
                opened.append(ImportInput(name, file.data, item.lines))
                continue
            inner = parse(name, file.text.encode())
            if isinstance(inner, Diagnostic):
                return inner
            opened += [
                ImportInput(part.name, in_folder(part.data, file.folder), part.lines) for part in inner
            ]
    return opened


def in_folder(data: object, folder: str) -> Any:
    """A dashboard in a folder, in the envelope of Grafana's API; other data as it is.

    Args:
        data: the dashboard, which may have an envelope already.
        folder: the folder's title, or the path of titles; empty for none.
    """
    keys = mapping(data).keys()
    is_v2 = "elements" in keys or "elements" in mapping(mapping(data).get("spec"))
    is_bare = (is_v2 or bool(keys & {"panels", "rows"})) and "dashboard" not in keys
    return {"dashboard": data, "meta": {"folderTitle": folder}} if folder and is_bare else data


def _hint(raw: bytes) -> str:
    if raw.lstrip()[:1] == b"<":
        return "it is a page for a browser; give the address or the file of the JSON itself"
    return "export the dashboard as JSON"


def is_spec(data: object) -> bool:
    """Whether data is a spec or a project file of dashgen already."""
    document: Json = mapping(data)
    return isinstance(document.get("kind"), str) and "apiVersion" not in document and "spec" not in document
