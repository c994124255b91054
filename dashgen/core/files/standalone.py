"""Single files, named by people or at a known place."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.core.files.temporary import remove_quietly, replace_in, take_place, write_beside, write_new


class Replacement(Struct, frozen=True):
    """A file, its new content, and its rights (those of any new file when absent)."""

    path: Path
    content: bytes
    rights: int | None = None


def replace_file(path: str | os.PathLike[str], content: bytes, rights: int | None = None) -> None:
    """Make or replace a file in one step; its folder is there.

    Raises:
        IrregularFileError: a link, pipe, device or socket has this name.
        OSError: it cannot be written; the old file is as it was.
    """
    with _folder(path) as (folder, name):
        replace_in(folder, name, content, rights)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing.

    Raises:
        DashgenError: a file is in its way.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        in_the_way = next(one for one in (folder, *folder.parents) if one.exists() and not one.is_dir())
        raise DashgenError(f"`{in_the_way}` is a file; name a folder") from None


def create_file(path: str | os.PathLike[str], content: bytes, rights: int | None = None) -> None:
    """Make a file that is not there yet; its folder is.

    Raises:
        FileExistsError: something has this name, be it a link to nothing.
        OSError: it cannot be written; nothing is there then.
    """
    with _folder(path) as (folder, name):
        write_new(folder, name, content, rights)


def replace_files(files: Sequence[Replacement], check: Callable[[], None]) -> None:
    """Replace files, each in one step; when one cannot be written, all of them are as they were.

    Args:
        files: what to replace.
        check: called when all contents are on the disk, before the first file is replaced; may raise.

    Raises:
        IrregularFileError: a link, pipe, device or socket has one of the names.
        OSError: one cannot be written.
    """
    with ExitStack() as stack:
        staged = []
        for file in files:
            folder, name = stack.enter_context(_folder(file.path))
            temporary = write_beside(folder, name, file.content, file.rights)
            # After it took its place there is nothing of that name.
            stack.callback(remove_quietly, folder, temporary)
            staged.append((folder, name, temporary))
        check()
        for folder, name, temporary in staged:
            take_place(folder, name, temporary)


@contextmanager
def _folder(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    above, name = os.path.split(os.fspath(path))
    try:
        descriptor = os.open(above or os.curdir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)
