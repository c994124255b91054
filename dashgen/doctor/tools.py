"""Programs, disks and the clock, which tests replace."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

PATIENCE: Final = 10.0
_LONGEST: Final = 200_000


class ProgramResult(Struct, frozen=True):
    """The exit code of a program and what it printed."""

    code: int
    out: str
    err: str = ""


class Disk(Struct, frozen=True):
    """The size of a disk and what is free of it, in bytes."""

    total: int
    free: int


def run_docker(arguments: Sequence[str]) -> ProgramResult | None:
    """Run ``docker`` with these arguments for a few seconds; nothing when it is not installed."""
    program = shutil.which("docker")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program, and no argument comes from outside
            [program, *arguments],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return ProgramResult(-1, "", f"docker did not answer within {PATIENCE:g} seconds")
    except OSError as error:
        return ProgramResult(-1, "", (error.strerror or str(error)).lower())
    out, err = (stream[:_LONGEST].decode(errors="replace") for stream in (done.stdout, done.stderr))
    return ProgramResult(done.returncode, out, err)


def disk_of(path: Path) -> Disk | None:
    """The disk that a folder is on; nothing when the folder cannot be read."""
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Disk(usage.total, usage.free)


class Tools(Struct, frozen=True):
    """The functions that run programs, measure disks and read the clock."""

    docker: Callable[[Sequence[str]], ProgramResult | None] = run_docker
    disk: Callable[[Path], Disk | None] = disk_of
    clock: Callable[[], float] = time.time
