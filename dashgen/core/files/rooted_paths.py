"""A folder below which files are read and written, and no link is followed."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dashgen.core.files.regular import MAX_BYTES, IrregularFileError, open_regular, read_descriptor
from dashgen.core.files.temporary import remove_leftovers, replace_in, write_new

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Tree:
    """A folder; paths are relative to it, with ``/``, and are opened step by step below it.

    Descriptors of folders keep that safe when a folder is replaced by a link meanwhile. Only that of the
    folder used last stays open: files come in the order of their paths.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._base: int | None = None
        self._last: tuple[str, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the folders."""
        self._forget_last()
        if self._base is not None:
            os.close(self._base)
            self._base = None

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes | None:
        """The content of a file; nothing when there is none.

        Raises:
            IrregularFileError: it is a link, a pipe, a device or a socket, or a folder above it is a link.
            OSError: it cannot be read.
        """
        above, _, name = path.rpartition("/")
        try:
            folder = self._folder(above, create=False)
            return read_descriptor(open_regular(name, folder, follow=False), limit)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IrregularFileError as error:
            raise self._named(error, path) from None

    def replace(self, path: str, content: bytes, rights: int | None = None) -> None:
        """Make or replace a file in one step, and the folders above it.

        Raises:
            IrregularFileError: as for `read`.
            OSError: it cannot be written; the old file is as it was.
        """
        above, _, name = path.rpartition("/")
        replace_in(self._folder(above, create=True), name, content, rights)

    def create(self, path: str, content: bytes, rights: int | None = None) -> None:
        """Make a file that is not there yet, and the folders above it.

        Raises:
            FileExistsError: something has this name, be it a link to nothing.
            OSError: it cannot be written; nothing is there then.
        """
        above, _, name = path.rpartition("/")
        write_new(self._folder(above, create=True), name, content, rights)

    def make_folder(self, path: str, mode: int = 0o777) -> None:
        """Make a folder, and those above it, unless it is there.

        Raises:
            OSError: it cannot be made, or one above it is a link.
        """
        self._folder(path, create=True, mode=mode)

    def open_for_append(self, path: str, mode: int = 0o666) -> int:
        """A descriptor for adding to a file, which is made when it is not there.

        Raises:
            IrregularFileError: as for `read`.
            OSError: it cannot be opened.
        """
        above, _, name = path.rpartition("/")
        folder = self._folder(above, create=True)
        with suppress(FileNotFoundError):
            os.close(open_regular(name, folder, follow=False))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        return os.open(name, flags, mode, dir_fd=folder)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there, and folders above it that are empty then.

        Raises:
            OSError: it cannot be removed, or a folder above it is a link.
        """
        above, _, name = path.rpartition("/")
        try:
            os.unlink(name, dir_fd=self._folder(above, create=False))  # in an open folder
        except (FileNotFoundError, NotADirectoryError):
            return
        self._forget_last()
        while above:
            above, _, name = above.rpartition("/")
            try:
                os.rmdir(name, dir_fd=self._folder(above, create=False))  # in an open folder
            except OSError:
                return
            self._forget_last()

    def remove_leftovers(self, folder: str) -> None:
        """Remove temporary files of processes that were killed; only while no other process writes there."""
        with suppress(OSError):
            remove_leftovers(self._folder(folder, create=False))

    def _named(self, error: IrregularFileError, path: str) -> IrregularFileError:
        """The error with the whole path, unless it is about a folder above, which has it already."""
        if os.sep in str(error.filename):
            return error
        return IrregularFileError(error.errno, error.strerror, f"{self.root}{os.sep}{path}")

    def _folder(self, path: str, *, create: bool, mode: int = 0o777) -> int:
        if self._last is not None and self._last[0] == path:
            return self._last[1]
        if self._base is None:
            self._base = self._open_root(create=create)
        current, walked = self._base, ""
        for step in path.split("/") if path else ():
            walked = f"{walked}/{step}" if walked else step
            try:
                below = self._step(current, step, walked, mode if create else None)
            finally:
                if current != self._base:
                    os.close(current)
            current = below
        if current != self._base:
            self._forget_last()
            self._last = (path, current)
        return current

    def _open_root(self, *, create: bool) -> int:
        try:
            return os.open(self.root, _FOLDER)
        except FileNotFoundError:
            if not create:
                raise
            self.root.mkdir(parents=True, exist_ok=True)
            return os.open(self.root, _FOLDER)

    def _step(self, folder: int, name: str, walked: str, mode: int | None) -> int:
        if name in ("", os.curdir, os.pardir):
            raise OSError(errno.EINVAL, "it is not a path below the folder", f"{self.root}{os.sep}{walked}")
        try:
            return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except FileNotFoundError:
            if mode is None:
                raise
            with suppress(FileExistsError):
                os.mkdir(name, mode, dir_fd=folder)  # in an open folder
            return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except OSError as error:
            full = f"{self.root}{os.sep}{walked}"
            if os.path.islink(full):  # noqa: PTH114  # only for the message
                reason = "it is a link to a folder, and links are not followed here"
                raise IrregularFileError(errno.EINVAL, reason, full) from None
            raise OSError(error.errno, error.strerror, full) from None

    def _forget_last(self) -> None:
        if self._last is not None:
            os.close(self._last[1])
            self._last = None
