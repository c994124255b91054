"""Reading regular files, and nothing else. An unchanged build imports this, so not even `typing`."""

import errno
import os
import stat

MAX_BYTES = 512 * 2**20
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a link"),
)


class IrregularFileError(OSError):
    """Something else than a file has the name of a file; it was not opened."""


def require_regular(mode: int, path: str | os.PathLike[str]) -> None:
    """Check the mode that ``stat`` gives.

    Raises:
        IsADirectoryError: it is a folder.
        IrregularFileError: it is a link, a pipe, a device or a socket.
    """
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
    raise IrregularFileError(errno.EINVAL, f"it is {kind}, not a file", os.fspath(path))


def open_regular(path: str, folder: int | None = None, *, follow: bool = True) -> int:
    """A descriptor for reading a regular file.

    Args:
        path: the file, or its name in ``folder``.
        folder: the descriptor of a folder.
        follow: whether the last step may be a link.

    Raises:
        IrregularFileError: it is no regular file.
        OSError: it cannot be opened.
    """
    # Opening a device can have effects, and opening a pipe wakes its writer, so look first.
    require_regular(os.stat(path, dir_fd=folder, follow_symlinks=follow).st_mode, path)
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags, dir_fd=folder)
    try:
        # The file may have been replaced between the two calls.
        require_regular(os.fstat(descriptor).st_mode, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_descriptor(descriptor: int, limit: int = MAX_BYTES) -> bytes:
    """The content of an open file, which is closed.

    Raises:
        OSError: it cannot be read, or is larger than ``limit`` bytes.
    """
    with open(descriptor, "rb", buffering=0) as file:  # a descriptor, not a path
        size = os.fstat(descriptor).st_size
        # Asking for so much at once that nothing fits beyond the limit would allocate it each time.
        content = file.read(min(size, limit) + 1)
        if len(content) > size:
            content += file.read(limit + 1 - len(content))
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // 2**20} MB")
    return content


def read_regular(path: str | os.PathLike[str], limit: int = MAX_BYTES, *, follow: bool = True) -> bytes:
    """The content of a regular file.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than ``limit`` bytes.
    """
    return read_descriptor(open_regular(os.fspath(path), follow=follow), limit)
