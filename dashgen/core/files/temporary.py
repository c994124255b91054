"""Writing beside a file and then taking its place, in one folder."""

import os
import re
from contextlib import suppress
from typing import Final

from dashgen.core.files.regular import require_regular
from dashgen.core.lazy_pattern import lazy_pattern

_SUFFIX: Final = ".dashgen-tmp"
_NAME: Final = lazy_pattern(r"\..+\.[0-9a-f]{16}\.dashgen-tmp", re.DOTALL)
_LONGEST: Final = 200
_USUAL: Final = 0o666
_PRIVATE: Final = 0o600
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_new(folder: int, name: str, content: bytes, rights: int | None = None) -> None:
    """Make a file in an open folder; half of one does not stay.

    Args:
        folder: the descriptor of the folder.
        name: the file's name in it.
        content: its content.
        rights: its rights; those of any new file when absent.

    Raises:
        FileExistsError: something has this name, be it a link to nothing.
        OSError: it cannot be written.
    """
    descriptor = os.open(name, _NEW, _USUAL if rights is None else _PRIVATE, dir_fd=folder)
    try:
        try:
            if rights is not None:
                os.fchmod(descriptor, rights)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
    except BaseException:
        remove_quietly(folder, name)
        raise


def replace_in(folder: int, name: str, content: bytes, rights: int | None = None) -> None:
    """Make or replace a file in an open folder in one step.

    Raises:
        IrregularFileError: a link, pipe, device or socket has this name.
        OSError: it cannot be written; the old file is as it was.
    """
    take_place(folder, name, write_beside(folder, name, content, rights))


def write_beside(folder: int, name: str, content: bytes, rights: int | None = None) -> str:
    """Make a temporary file that can take the place of another one; returns its name.

    Raises:
        IrregularFileError: a link, pipe, device or socket is in that place.
        OSError: it cannot be written; nothing of it stays.
    """
    with suppress(FileNotFoundError):
        require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode, name)
    temporary = _temporary_name(name)
    write_new(folder, temporary, content, rights)
    return temporary


def take_place(folder: int, name: str, temporary: str) -> None:
    """Put a temporary file into the place of a file.

    Raises:
        OSError: it cannot be; the temporary file is gone.
    """
    try:
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)  # in an open folder
    except BaseException:
        remove_quietly(folder, temporary)
        raise


def _temporary_name(name: str) -> str:
    short = os.fsdecode(os.fsencode(name)[:_LONGEST])
    return f".{short}.{os.urandom(8).hex()}{_SUFFIX}"


def remove_quietly(folder: int, name: str) -> None:
    """Remove a file if it can be."""
    with suppress(OSError):
        os.unlink(name, dir_fd=folder)  # in an open folder


def remove_leftovers(folder: int) -> None:
    """Remove temporary files of processes that were killed; only while no other process writes there."""
    for name in os.listdir(folder):  # of an open folder
        if _NAME.fullmatch(name):
            remove_quietly(folder, name)
