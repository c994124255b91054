"""A line on a terminal that shows the progress of something slow."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

if TYPE_CHECKING:
    from dashgen.project.targets import Chosen

PATIENCE: Final = 0.7
"""Seconds before the line is shown, since most work is done sooner."""
_TICK: Final = 0.1
_BAR: Final = 24
_ERASE: Final = "\r\x1b[K"


def wanted(stream: TextIO, *, quiet: bool) -> bool:
    """Whether to show a progress line: on a terminal that can erase it, and not in continuous integration."""
    plain = os.environ.get("TERM", "dumb") == "dumb" or os.environ.get("CI", "") not in ("", "0", "false")
    return not quiet and stream.isatty() and not plain


class Progress:
    """A progress line on stderr, or nothing where there should be none.

    A thread draws it, because the main thread waits for a server, or computes, most of the time.

    Args:
        quiet: the user wants no progress line.
        clock: the present time in seconds; replaced in tests.
    """

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr
        self._shown = wanted(self._stream, quiet=quiet)
        self._clock = clock
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._since = clock()
        self._what = ""
        self._unit = ""
        self._count = 0
        self._total = 0
        self._drawn = False

    def __enter__(self) -> Self:
        if self._shown:
            self._thread = threading.Thread(target=self._tick, name="dashgen-progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Joined first: the thread could draw the line again after it was erased.
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.pause()

    def watched(self, chosen: "Chosen") -> "Chosen":
        """The same Grafana, with its answers counted and shown from now on."""
        from msgspec.structs import replace  # lines for local work do without

        self.begin(f"reading {chosen.shown}", unit="answer")
        return replace(chosen, settings=replace(chosen.settings, answered=self.step))

    def writing(self, total: int) -> None:
        """Show from now on how many of so many changes are made."""
        self.begin("writing", total)

    def begin(self, what: str, total: int = 0, *, unit: str = "") -> None:
        """Show from now on what goes on.

        Args:
            what: the work, such as ``importing``.
            total: how many steps there are; 0 when nobody knows.
            unit: what a step is, such as ``file``, where there is no total; the time is shown without one.
        """
        with self._lock:
            self._what, self._unit, self._total, self._count = what, unit, total, 0
            self._since = self._clock()

    def step(self) -> None:
        """Count one more answer, change or file."""
        with self._lock:
            self._count += 1

    def pause(self) -> None:
        """Erase the line before something else is printed, until the next thing starts."""
        with self._lock:
            self._erase()
            self._what = ""

    def beside(self, write: Callable[[], None]) -> None:
        """Print something, and go on with the progress line below it."""
        with self._lock:
            self._erase()
            write()

    def draw(self) -> None:
        """Show the line if it is time."""
        with self._lock:
            if self._what and self._clock() - self._since >= PATIENCE:
                # A line as wide as the terminal would wrap, and only its second half would be erased.
                room = shutil.get_terminal_size().columns - 1
                self._stream.write(f"{_ERASE}{self._line()[:room]}")
                self._stream.flush()
                self._drawn = True

    def _line(self) -> str:
        if not self._total and self._unit:
            return f"{self._what}: {self._count} {self._unit}{'s' * (self._count != 1)}"
        if not self._total:
            return f"{self._what} … {self._clock() - self._since:.0f} s"
        done = min(_BAR, _BAR * self._count // self._total)
        return f"{self._what} [{'#' * done}{'.' * (_BAR - done)}] {self._count} of {self._total}"

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(_ERASE)
            self._stream.flush()
            self._drawn = False

    def _tick(self) -> None:
        while not self._over.wait(_TICK):
            self.draw()
