"""What is looked at outside of servers: programs and disks; replaced in tests."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE: Final = 10.0
_LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program ended with and printed."""

    code: int
    out: str
    err: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """The size of a disk and what is free of it, in bytes."""

    total: int
    free: int


def run_docker(arguments: Sequence[str]) -> Ran | None:
    """Run ``docker`` with these words for a few seconds; nothing when it is not installed."""
    program = shutil.which("docker")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program; the words are ours
            [program, *arguments],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Ran(-1, "", f"docker did not answer within {PATIENCE:g} seconds")
    except OSError as error:
        return Ran(-1, "", (error.strerror or str(error)).lower())
    out, err = (stream[:_LONGEST].decode(errors="replace") for stream in (done.stdout, done.stderr))
    return Ran(done.returncode, out, err)


def disk_of(path: Path) -> Disk | None:
    """The disk that a folder is on; nothing when that cannot be told."""
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Disk(usage.total, usage.free)


@dataclass(frozen=True, slots=True)
class Tools:
    """How programs and disks are asked, and what time it is."""

    docker: Callable[[Sequence[str]], Ran | None] = run_docker
    disk: Callable[[Path], Disk | None] = disk_of
    clock: Callable[[], float] = time.time
