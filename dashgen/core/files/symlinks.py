"""The targets of symbolic links."""

import os
from pathlib import Path


def leads_outside(root: Path, path: Path) -> bool:
    """Whether a path that is written as one below a folder is somewhere else, because a link leads there.

    A path that is not written as one below the folder counts as inside: it was chosen on purpose.

    Args:
        root: the folder.
        path: an absolute path, or one below ``root``; it need not exist.
    """
    base, written = os.path.normpath(root), os.path.normpath(root / path)
    if not _is_below(written, base):
        return False
    return not _is_below(os.path.realpath(written), os.path.realpath(base))


def enclosing(path: Path, name: str) -> Path | None:
    """The nearest folder upwards that has an entry of this name, as the path is written."""
    full = Path(os.path.abspath(path))  # noqa: PTH100  # links have to stay what they are
    return next((one for one in (full, *full.parents) if os.path.lexists(one / name)), None)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
