"""One process at a time in a folder."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashgen.core.errors import DashgenError

_PAUSE: Final = 0.05
_NOTICE: Final = 1.0


class TakesTooLongError(DashgenError):
    """Another process holds the folder."""


@contextmanager
def one_at_a_time(
    folder: Path, patience: float, on_wait: Callable[[], None], *, shared: bool = False
) -> Iterator[None]:
    """Hold a folder, once nobody else does: a lock of the kernel, which ends with the process.

    Args:
        folder: the folder, which is there.
        patience: the seconds to wait.
        on_wait: called once after a second of waiting.
        shared: whether others that hold it shared may do so at the same time.

    Raises:
        TakesTooLongError: somebody else held it all the time.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        # Without the folder there is nothing to protect; writing into it reports the error.
        yield
        return
    try:
        _wait(descriptor, folder, patience, on_wait, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, folder: Path, patience: float, on_wait: Callable[[], None], kind: int) -> None:
    start, noticed = time.monotonic(), False
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        except OSError:
            # Some network file systems have no locks; names of temporary files differ all the same.
            return
        else:
            return
        waited = time.monotonic() - start
        if waited > patience:
            raise TakesTooLongError(
                f"another dashgen works in {folder} (waited {patience:.0f} s); end it, or wait for it"
            )
        if waited > _NOTICE and not noticed:
            noticed = True
            on_wait()
        time.sleep(_PAUSE)
