"""Programs that a test starts: on free ports of loopback, with their output in a file, and none of them left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(what: str, is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: it did not become so in time.
    """
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.2)


def _die_with_parent() -> None:
    # Also when the tests are killed with no chance to clean up.
    _LIBC.prctl(_PDEATHSIG, signal.SIGKILL)


class Processes:
    """Starts programs, and ends all of them when the block is left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self, name: str, words: Sequence[str], env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program; what it prints is in ``<name>.log``."""
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                list(words),
                cwd=self._folder,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # nothing is locked: the tests start programs from one thread
            )
        self._running.append((name, process))
        return process

    def said(self, name: str) -> str:
        """What a program has printed."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def dead(self) -> list[str]:
        """Programs that ended by themselves with an error, and the last that they said."""
        return [
            f"{name} ended with {process.returncode}: …{self.said(name)[-800:]}"
            for name, process in self._running
            if process.poll() not in {None, 0}
        ]

    def stop(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """End one program, or all: first asked, then killed."""
        ending = [entry for entry in self._running if process is None or entry[1] is process]
        for _, running in ending:
            if running.poll() is None:
                running.terminate()
        for entry in ending:
            try:
                entry[1].wait(timeout=15)
            except subprocess.TimeoutExpired:
                entry[1].kill()
                entry[1].wait()
            self._running.remove(entry)
