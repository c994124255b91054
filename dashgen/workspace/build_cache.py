"""What the last build knew, so that the next one does only what changed.

The cache is never trusted further than its keys: every entry is found by the hash of the content it was made from, and
a cache that is damaged, foreign or of another version is as good as none.
"""

import os
import stat
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.files.regular import read_regular
from dashgen.core.files.rooted_paths import Tree
from dashgen.core.version import VERSION
from dashgen.workspace.build_records import CompiledFile, FileRecord

FOLDER = ".dashgen"
_PACKAGES = frozenset(("grafanalib", "pyyaml", "jinja2", "promql_parser", "msgspec", "orjson"))


class OutputFile(msgspec.Struct, frozen=True):
    """A written file: its hash, and the size and time by which a change is noticed without reading it."""

    sha256: str
    size: int
    mtime_ns: int


class Cache(msgspec.Struct):
    """The memory of one build.

    Attributes:
        key: see `build_key`.
        output: the folder that was written.
        specs: the spec folders that the project file names.
        env: the environment variables that the project file declares, with what they were.
        shared: the hash of everything that dashboards depend on.
        inputs: the hash of each spec file by name.
        files: what each file of dashboards became.
        outputs: the written files.
        records: every file of the output.
        diagnostics: all findings.
    """

    key: str
    output: str
    specs: list[str]
    env: dict[str, str | None]
    shared: str
    inputs: dict[str, str]
    files: dict[str, CompiledFile]
    outputs: dict[str, OutputFile]
    records: list[FileRecord]
    diagnostics: list[Diagnostic]


def build_key(options: str, project: bytes) -> str:
    """A cache's key, ``<name>.<hash>``: what kind of build it is of, and everything that it is made with.

    Builds of one kind share a file, so that old caches do not pile up.
    """
    made_with = sha256("\0".join((VERSION, _code(), *_packages(), options)).encode())
    made_with.update(project)
    return f"{sha256(options.encode()).hexdigest()[:16]}.{made_with.hexdigest()}"


@cache
def _code() -> str:
    """What tells dashgen's own files from those of another day: somebody may be working on them.

    A process runs the files that it loaded, whatever they become later, so it looks at them once.
    """
    stamps = []
    for folder, _, names in os.walk(Path(__file__).parents[1]):
        for name in names:
            if name.endswith(".py"):
                status = os.stat(f"{folder}{os.sep}{name}")  # noqa: PTH116  # one call a file, for many files
                stamps.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return "\0".join(sorted(stamps))


def _packages() -> list[str]:
    """The packages that dashgen compiles with, by the names of their metadata folders, which have the versions.

    Asking `importlib.metadata` for them takes as long as all else that an unchanged build does.
    """
    found = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208  # names are all that is wanted
        except OSError:
            continue
        found += [
            name
            for name in names
            if name.endswith(".dist-info") and name.partition("-")[0].lower() in _PACKAGES
        ]
    return sorted(found)


def cache_path(key: str) -> str:
    """Where the cache with this key is kept, below the project's folder."""
    return f"{FOLDER}/cache/{key.partition('.')[0]}.msgpack"


def load_cache(root: Path, key: str) -> Cache | None:
    """The cache with this key, if there is a sound one."""
    try:
        with Tree(root) as tree:
            content = tree.read(cache_path(key))
        cache = msgspec.msgpack.decode(content or b"", type=Cache)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return cache if cache.key == key else None


def save_cache(root: Path, cache: Cache) -> None:
    """Keep a cache; failing to is no failure of the build."""
    path = cache_path(cache.key)
    with suppress(OSError), Tree(root) as tree:
        hide_from_git(tree)
        tree.replace(path, msgspec.msgpack.encode(cache))
        tree.remove_leftovers(path.rpartition("/")[0])


def hide_from_git(tree: Tree) -> None:
    """Make what dashgen remembers on this machine invisible to git.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        tree.create(f"{FOLDER}/.gitignore", b"*\n")


def observe(output: Path, records: list[FileRecord]) -> dict[str, OutputFile]:
    """The written files as they are now."""
    found = {}
    for record in records:
        try:
            status = os.stat(output / record.path)  # noqa: PTH116  # one call a file, for many files
        except OSError:
            continue
        found[record.path] = OutputFile(record.sha256, status.st_size, status.st_mtime_ns)
    return found


def outputs_stand(output: Path, outputs: dict[str, OutputFile]) -> bool:
    """Whether the written files are as they were; a file with another time is read and compared."""
    base = f"{output}{os.sep}"
    for path, known in outputs.items():
        try:
            found = os.lstat(base + path)
            if found.st_size != known.size or not stat.S_ISREG(found.st_mode):
                return False
            if found.st_mtime_ns != known.mtime_ns and _hash(base + path) != known.sha256:
                return False
        except OSError:
            return False
    return True


def _hash(path: str) -> str:
    return sha256(read_regular(path, follow=False)).hexdigest()
