"""What the last build found out about each file, so that the next one compiles only what changed.

Whether anything changed at all is in the stamp beside it (`build_stamp`), which is small. The cache is
never trusted further than its keys: every entry is found by the hash of the content it was made from, and a
cache that is damaged, foreign or of another version is as good as none.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.files.rooted_paths import Tree
from dashgen.workspace.build_records import CompiledFile
from dashgen.workspace.build_stamp import CACHE_FOLDER, BuildStamp, encode_stamp, stamp_path

FOLDER = CACHE_FOLDER.partition("/")[0]


class Cache(msgspec.Struct):
    """The memory of one build.

    Attributes:
        key: see `build_key`.
        shared: the hash of everything that dashboards depend on.
        files: what each file of dashboards became.
        diagnostics: all findings.
    """

    key: str
    shared: str
    files: dict[str, CompiledFile]
    diagnostics: list[Diagnostic]


def cache_path(key: str) -> str:
    """Where the cache with this key is kept, below the project's folder."""
    return f"{CACHE_FOLDER}/{key.partition('.')[0]}.msgpack"


def load_cache(root: Path, key: str) -> Cache | None:
    """The cache with this key, if there is a sound one."""
    try:
        with Tree(root) as tree:
            content = tree.read(cache_path(key))
        cache = msgspec.msgpack.decode(content or b"", type=Cache)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return cache if cache.key == key else None


def save_cache(root: Path, cache: Cache, stamp: BuildStamp) -> None:
    """Keep a cache, and the stamp that goes with it; failing to is no failure of the build."""
    path = cache_path(cache.key)
    with suppress(OSError), Tree(root) as tree:
        hide_from_git(tree)
        # The stamp comes last: it stands for a cache that is complete.
        tree.replace(path, msgspec.msgpack.encode(cache))
        save_stamp(tree, stamp)
        tree.remove_leftovers(CACHE_FOLDER)


def save_stamp(tree: Tree, stamp: BuildStamp) -> None:
    """Keep a stamp.

    Raises:
        OSError: it cannot be written.
    """
    tree.replace(stamp_path(stamp.key), encode_stamp(stamp))


def hide_from_git(tree: Tree) -> None:
    """Make what dashgen remembers on this machine invisible to git.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        tree.create(f"{FOLDER}/.gitignore", b"*\n")
