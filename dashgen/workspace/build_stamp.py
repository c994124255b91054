"""Whether anything changed since the last build: one small file, read before anything else is imported.

Most builds of a project change nothing, and such a build should not be felt. So this module, and what it
imports, needs neither `typing` nor `dataclasses` nor `pathlib`: each of them costs as much as all that is
done here.

A stamp is never trusted further than its key, and one that is damaged, foreign or of another version is as
good as none.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from dashgen.core.files.regular import read_regular
from dashgen.core.version import VERSION
from dashgen.workspace.input_files import SpecFile

CACHE_FOLDER = ".dashgen/cache"
JOURNAL_FILE = ".dashgen.journal.json"
"""Stands in an output while a build writes it."""
_FORMAT = "dashgen stamp 1"
_PACKAGES = frozenset(("grafanalib", "pyyaml", "jinja2", "msgspec", "orjson"))
_METADATA = ".dist-info"
BUILD_PACKAGES = ("check", "compile", "core", "formats", "model", "project", "query", "source", "workspace")
"""The packages of dashgen that decide what a build writes and reports; those above them only call it."""
_SHIPPED_SPECS = "library"
"""The folder of the components that specs may use."""


class WrittenFile:
    """A written file: its hash, and the size and time by which a change is noticed without reading it."""

    __slots__ = ("mtime_ns", "sha256", "size")

    def __init__(self, sha256: str, size: int, mtime_ns: int) -> None:
        self.sha256 = sha256
        self.size = size
        self.mtime_ns = mtime_ns


class BuildStamp:
    """A build as far as it shows that nothing changed since.

    Attributes:
        key: see `build_key`.
        output: the folder that was written; empty when nothing was.
        has_findings: whether the build had something to report, which is in the cache.
        specs: the spec folders that the project file names.
        env: the environment variables that the project file declares, with what they were.
        inputs: the hash of all spec files, their names and contents.
        outputs: the written files by path.
        counts: how many resources of each kind the output has.
        environments: those that were built together, each with a stamp of its own.
    """

    __slots__ = (
        "counts",
        "env",
        "environments",
        "has_findings",
        "inputs",
        "key",
        "output",
        "outputs",
        "specs",
    )

    def __init__(self, key: str, specs: Sequence[str] = (), inputs: str = "") -> None:
        self.key = key
        self.specs = list(specs)
        self.inputs = inputs
        self.output = ""
        self.has_findings = False
        self.env: dict[str, str | None] = {}
        self.outputs: dict[str, WrittenFile] = {}
        self.counts: dict[str, int] = {}
        self.environments: list[str] = []


def encode_stamp(stamp: BuildStamp) -> bytes:
    """A stamp as bytes: texts that end with NUL, which no path or variable has; lists after their length."""
    texts = [_FORMAT, stamp.key, stamp.output, str(int(stamp.has_findings)), stamp.inputs]
    texts += [str(len(stamp.specs)), *stamp.specs]
    texts += [str(len(stamp.environments)), *stamp.environments]
    texts.append(str(len(stamp.env)))
    for name, value in stamp.env.items():
        # A variable that is not set differs from an empty one.
        texts += [name, "-" if value is None else f"={value}"]
    texts.append(str(len(stamp.counts)))
    for kind, count in stamp.counts.items():
        texts += [kind, str(count)]
    texts.append(str(len(stamp.outputs)))
    for path, file in stamp.outputs.items():
        texts += [path, file.sha256, str(file.size), str(file.mtime_ns)]
    return os.fsencode("\0".join((*texts, "")))


def decode_stamp(content: bytes) -> BuildStamp | None:
    """The stamp that bytes hold; nothing when they hold none."""
    texts = iter(os.fsdecode(content).split("\0"))
    try:
        if next(texts) != _FORMAT:
            return None
        stamp = BuildStamp(next(texts))
        stamp.output, stamp.has_findings, stamp.inputs = next(texts), next(texts) != "0", next(texts)
        stamp.specs = [next(texts) for _ in _counted(texts)]
        stamp.environments = [next(texts) for _ in _counted(texts)]
        for _ in _counted(texts):
            name, value = next(texts), next(texts)
            stamp.env[name] = None if value == "-" else value[1:]
        for _ in _counted(texts):
            kind, count = next(texts), next(texts)
            stamp.counts[kind] = int(count)
        for _ in _counted(texts):
            path, digest, size, time = next(texts), next(texts), next(texts), next(texts)
            stamp.outputs[path] = WrittenFile(digest, int(size), int(time))
        # What was cut off ends too early or too late.
        return stamp if list(texts) == [""] else None
    except (StopIteration, RuntimeError, ValueError):
        return None


def _counted(texts: Iterator[str]) -> range:
    return range(int(next(texts)))


def stamp_path(key: str) -> str:
    """Where the stamp with this key is kept, below the project's folder."""
    return f"{CACHE_FOLDER}/{key.partition('.')[0]}.stamp"


def read_stamp(root: str, key: str) -> BuildStamp | None:
    """The stamp with this key, if there is a sound one below a project's folder, and no link leads to it."""
    path = f"{root}{os.sep}{stamp_path(key)}"
    try:
        if os.path.realpath(path) != f"{os.path.realpath(root).rstrip(os.sep)}{os.sep}{stamp_path(key)}":
            return None
        stamp = decode_stamp(read_regular(path, follow=False))
    except (OSError, ValueError):
        return None
    return stamp if stamp is not None and stamp.key == key else None


def build_key(options: str, project: bytes) -> str:
    """The key of a stamp and a cache, ``<name>.<hash>``: the kind of build, and all that it is made with.

    Builds of one kind share a file, so that old caches do not pile up.
    """
    made_with = sha256("\0".join((VERSION, _code_version(), *_packages(), options)).encode())
    made_with.update(project)
    return f"{sha256(options.encode()).hexdigest()[:16]}.{made_with.hexdigest()}"


_code_stamp: list[str] = []
"""The result of `_code_version`: a process runs the files that it loaded, whatever they become later."""


def _code_version() -> str:
    """Names, sizes and times of dashgen's own files: somebody may be working on them."""
    if not _code_stamp:
        stamps: list[str] = []
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # no pathlib here
        for package in (*BUILD_PACKAGES, _SHIPPED_SPECS):
            _add_code(f"{root}{os.sep}{package}", stamps)
        _code_stamp.append("\0".join(sorted(stamps)))
    return _code_stamp[0]


def _add_code(folder: str, stamps: list[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith((".py", ".yaml")):
                status = entry.stat()
                stamps.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
            elif "." not in name and name != "__pycache__" and entry.is_dir():
                _add_code(entry.path, stamps)


def _packages() -> list[str]:
    """The packages that dashgen compiles with: the names of their metadata folders, with versions.

    Asking `importlib.metadata` for them takes as long as all else that an unchanged build does.
    """
    packages = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # only the names are needed
        except OSError:
            continue
        packages += [
            name for name in names if name.endswith(_METADATA) and name.partition("-")[0].lower() in _PACKAGES
        ]
    return sorted(packages)


def hash_of_inputs(files: Iterable[SpecFile]) -> str:
    """One hash of all spec files, their names and contents; empty when one could not be read."""
    digest = sha256()
    for file in files:
        if not file.sha256:
            return ""
        digest.update(f"{file.name}\0{file.sha256}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def same_variables(env: dict[str, str | None]) -> bool:
    """Whether declared environment variables are as they were."""
    return all(os.environ.get(name) == value for name, value in env.items())


def observe(output: str, hashes: Iterable[tuple[str, str]]) -> dict[str, WrittenFile]:
    """Written files as they are now.

    Args:
        output: the folder.
        hashes: paths below it, each with the hash of what was written.
    """
    written = {}
    for path, digest in hashes:
        try:
            status = os.stat(f"{output}{os.sep}{path}")  # one call a file, for many files
        except OSError:
            continue
        written[path] = WrittenFile(digest, status.st_size, status.st_mtime_ns)
    return written


def is_unchanged(output: str, path: str, file: WrittenFile) -> bool:
    """Whether a written file is as it was; one with another time is read and compared."""
    full = f"{output}{os.sep}{path}"
    try:
        status = os.lstat(full)
        if status.st_size != file.size or not stat.S_ISREG(status.st_mode):
            return False
        if status.st_mtime_ns == file.mtime_ns:
            return True
        return sha256(read_regular(full, follow=False)).hexdigest() == file.sha256
    except OSError:
        return False
