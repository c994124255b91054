"""Find and read the files of a tree of artifacts."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.check.json_source import read_json
from dashgen.check.kubernetes.resource_kinds import is_checked
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import SpecError
from dashgen.core.files.regular import read_regular
from dashgen.core.files.symlinks import enclosing, leads_outside
from dashgen.core.json_values import mapping
from dashgen.source.load import decode, load_text
from dashgen.source.located import Located
from dashgen.source.manifests import (
    EmbeddedData,
    EmbeddedFile,
    EmbeddedText,
    embedded_files,
    is_manifest,
    outside,
)

MAX_BYTES = 16 * 1024 * 1024
YAML_SUFFIXES = (".yaml", ".yml")
_PROJECT_FILE = "dashgen.yaml"
Show = Callable[[Path], str]


class File(Struct):
    """One file of the tree: its path, its name in messages, and its content as far as it could be read.

    ``manifests`` are the resources of Kubernetes in it, and ``parts`` the files inside of these.
    """

    path: Path
    shown: str
    root: Path
    named: bool = False
    document: Located | None = None
    problems: list[Diagnostic] = []
    text: str = ""
    parts: list["File"] = []
    manifests: list[Located] = []

    @property
    def suffix(self) -> str:
        """The suffix in lower case."""
        return self.path.suffix.lower()

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of the folders that the file is in."""
        return Path(_real(self.path)).parent.parts

    @property
    def is_below_dashboards(self) -> bool:
        """Whether it is in a folder `dashboards` that is the named one or below it."""
        # Folders above the named one say nothing: a whole project may be below `~/dashboards`.
        root = Path(_real(self.root))
        return "dashboards" in (root.name, *self.folders[len(root.parts) :])


def find(paths: Sequence[Path], show: Show) -> Iterator[File | Diagnostic]:
    """Each file that might be an artifact, once, in a fixed order.

    A diagnostic for each that cannot be read.
    """
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            reason = "a symbolic link to nothing" if path.is_symlink() else "no such file or folder"
            yield _unreadable(show(path), reason)
        elif path.is_dir():
            yield from _walk(path, path, show, seen)
        elif _first_time(path, seen):
            yield File(path, show(path), path.parent, named=True)


def _walk(root: Path, folder: Path, show: Show, seen: set[str]) -> Iterator[File | Diagnostic]:
    if not _first_time(folder, seen):
        return
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(show(folder), (error.strerror or str(error)).lower())
        return
    for child in children:
        if child.name.startswith("."):
            continue
        try:
            is_folder = child.is_dir()
        except OSError as error:
            yield _unreadable(show(child), (error.strerror or str(error)).lower())
            continue
        if child.is_symlink() and _leaves_project(child):
            # A finding would show a line of whatever the link leads to.
            yield _unreadable(show(child), "it is a link that leads out of the project")
        elif is_folder:
            yield from _walk(root, child, show, seen)
        elif child.suffix.lower() in (".json", *YAML_SUFFIXES) and _first_time(child, seen):
            yield File(child, show(child), root)


def _leaves_project(link: Path) -> bool:
    project = enclosing(link.parent, _PROJECT_FILE)
    return project is not None and leads_outside(project, Path.cwd() / link)


def _first_time(path: Path, seen: set[str]) -> bool:
    real = _real(path)
    if real in seen:
        return False
    seen.add(real)
    return True


def _real(path: Path) -> str:
    # Path.resolve raises for a loop of symbolic links, realpath does not.
    return os.path.realpath(path)


def _unreadable(shown: str, reason: str) -> Diagnostic:
    return Diagnostic(
        "file/unreadable", f"cannot read `{shown}`: {reason}", Location(shown), "check the path"
    )


def read(file: File) -> None:
    """Set the file's document, or its problems."""
    try:
        if not file.path.is_file():
            file.problems.append(_unreadable(file.shown, "not a regular file"))
            return
        size = file.path.stat().st_size
        raw = read_regular(file.path) if size <= MAX_BYTES else _beginning(file.path)
    except OSError as error:
        file.problems.append(_unreadable(file.shown, (error.strerror or str(error)).lower()))
        return
    if size > MAX_BYTES:
        message = f"the file has {size / 2**20:.1f} MB, and Grafana's limit is 16 MB"
        file.problems.append(Diagnostic("file/too-large", message, Location(file.shown), "split it"))
        file.text = raw.decode(errors="replace")
        return
    _parse(file, raw)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4096)


def _parse(file: File, raw: bytes) -> None:
    if file.suffix == ".json":
        try:
            file.text = raw.decode()
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            message = f"the file is not UTF-8 text (line {line})"
            file.problems.append(
                Diagnostic("file/encoding", message, Location(file.shown), "save it as UTF-8")
            )
            return
        file.document, file.problems = read_json(file.shown, file.text)
        _open(file, [file.document] if file.document else [])
        return
    try:
        file.text = decode(raw, file.shown)
    except SpecError as error:
        file.problems += error.diagnostics
        return
    loaded = load_text(file.shown, file.text)
    file.problems += loaded.diagnostics
    file.document = next(iter(loaded.documents), None)
    if _open(file, loaded.documents):
        return
    if len(loaded.documents) > 1 and loaded.documents[0].data is not None:
        where = loaded.documents[1].location()
        message = "only the first document of a YAML file is read: this one would be ignored silently"
        file.problems.append(
            Diagnostic("file/second-document", message, where, "move it to a file of its own")
        )


def _open(file: File, documents: Sequence[Located]) -> bool:
    """Set the files inside of Kubernetes resources; whether there are such resources."""
    manifests = [document for document in documents if is_manifest(document.data)]
    for document in documents:
        file.manifests += [document] if is_checked(document.data) else _listed(document)
    for document in manifests:
        file.parts += [_part(file, document, embedded) for embedded in embedded_files(document.data)]
    return bool(manifests or file.manifests)


def _listed(document: Located) -> Iterator[Located]:
    """The resources in a list of Kubernetes."""
    items = mapping(document.data).get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if is_checked(item):
            yield EmbeddedData(document, ("items", index), item)


def _part(file: File, document: Located, embedded: EmbeddedFile) -> File:
    path = file.path.with_name(embedded.name.rpartition("/")[2])
    part = File(path, file.shown, file.root, text=embedded.text or "")
    if embedded.text is None:
        part.document = EmbeddedData(document, embedded.path, embedded.data)
        return part
    if part.suffix == ".json":
        inner: Located | None
        inner, problems = read_json(file.shown, embedded.text)
    else:
        loaded = load_text(file.shown, embedded.text)
        inner, problems = next(iter(loaded.documents), None), loaded.diagnostics
    part.document = EmbeddedText(document, embedded, inner) if inner else None
    part.problems = [
        replace(problem, location=outside(document, embedded, problem.location))
        if problem.location
        else problem
        for problem in problems
    ]
    return part
