"""A line on the terminal for a command that computes for more than two seconds before it prints anything."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, TextIO

from dashgen.cli.app import COMMANDS

_PATIENCE: Final = 2.0
_TICK: Final = 1.0
_ERASE: Final = "\r\x1b[K"
_SILENT: Final = frozenset(("lsp",))
"""Commands that talk to a program."""


class WaitingLine:
    """Shows which command runs, and for how long, until it prints something itself.

    A timer of the system wakes the main thread, as builds fork, which a process with further threads
    should not do. The line is written around Python's buffers, which the main thread may be filling.

    Args:
        name: the command.
        stream: the terminal.
        clock: the present time in seconds; replaced in tests.
    """

    def __init__(self, name: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._descriptor = stream.fileno()
        self._clock = clock
        self._since = clock()
        self._drawn = False
        self._before: Any = None
        self._runs = False

    def start(self) -> None:
        """Wait for two seconds, and then show the line."""
        # A command that runs in a thread, or on Windows, does without.
        with suppress(ValueError, AttributeError):
            self._before = signal.signal(signal.SIGALRM, lambda *_: self.draw())
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _TICK)
            self._runs = True

    def draw(self) -> None:
        """Show how long the command has run."""
        text = f"{_ERASE}dashgen {self._name} … {self._clock() - self._since:.0f} s"
        with suppress(OSError):
            os.write(self._descriptor, text.encode())
            self._drawn = True

    def end(self) -> None:
        """Take the line away; nothing is shown any more."""
        if self._runs:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
            self._runs = False
        if self._drawn:
            self._drawn = False
            with suppress(OSError):
                os.write(self._descriptor, _ERASE.encode())


def waiting_line(command_line: Sequence[str]) -> WaitingLine | None:
    """The line for a command; None where there should be none: without a terminal, in CI, with `--quiet`."""
    names = (" ".join(command_line[:length]) for length in (1, 2))
    name = next((name for name in names if name in COMMANDS and name not in _SILENT), None)
    if name is None or not sys.stderr.isatty():
        return None
    from dashgen.cli.progress_line import wanted  # of no use without a terminal

    is_quiet = bool({"--quiet", "-q"} & set(command_line))
    if not wanted(sys.stderr, quiet=is_quiet):
        return None
    with suppress(OSError):  # a stream without a descriptor
        return WaitingLine(name, sys.stderr)
    return None
