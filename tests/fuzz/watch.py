"""Running a command under watch: how it ended, how long it took, and how much memory the process has by now."""

import re
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

SLOW = 5.0
STUCK = 60
MOST_MEGABYTES = 300


class StuckError(BaseException):
    """A case did not end; not an Exception, so that nothing catches it."""


@dataclass
class Findings:
    """What went wrong in the cases, each with what makes it again."""

    cases: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, case: str, what: str) -> None:
        """Remember a case that went wrong."""
        self.wrong.append(f"{case}: {what}")
        print(f"  {case}: {what}", flush=True)  # noqa: T201  # a tool


@contextmanager
def _alarm() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise StuckError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(STUCK)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def watch(case: str, run: Callable[[], tuple[int, str]], found: Findings) -> None:
    """Run one case.

    Args:
        case: what makes it again.
        run: runs it; gives the exit code and what was printed.
        found: where what goes wrong is remembered.
    """
    found.cases += 1
    start = time.process_time()
    try:
        with _alarm():
            code, text = run()
    except StuckError:
        found.add(case, f"did not end in {STUCK} s")
        return
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what this looks for
        found.add(case, f"raised {type(error).__name__}: {error}")
        return
    spent = time.process_time() - start
    if code not in (0, 1, 2, 3, 4) or "this is a bug" in text or "Traceback" in text:
        found.add(case, f"exit code {code}: {_details(text)}")
    if spent > SLOW:
        found.add(case, f"took {spent:.1f} s")


def _details(text: str) -> str:
    """The end of the traceback that a crash left, or of what was printed."""
    kept = re.search(r"\S*dashgen-bug-\S+\.txt", text)
    if kept is None:
        return text.strip()[-300:]
    path = Path(kept[0])
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    path.unlink()
    return "\n    ".join(line for line in lines[-13:] if "^^^" not in line)


def megabytes() -> float:
    """The most memory that the process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
