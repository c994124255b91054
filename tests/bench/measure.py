"""Run a command and see what it cost."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a command and the processes it started needed.

    Attributes:
        cpu: processor seconds, user and system.
        wall: seconds by the clock.
        memory: megabytes of the largest of its processes.
    """

    cpu: float
    wall: float
    memory: float


def run(command: Sequence[str], folder: Path, **variables: str) -> Cost:
    """Run a command in a folder, with further environment variables.

    Raises:
        RuntimeError: it failed.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))
    }
    environment |= {"NO_COLOR": "1", **variables}
    start = time.perf_counter()
    with (folder / "bench.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "bench.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command[:4])} … failed with {process.returncode}:\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)
