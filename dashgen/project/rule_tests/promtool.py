"""Run promtool on test files, and read what it prints."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern

# Far more than the slowest test files need; it ends a promtool that hangs.
_SECONDS = 300
_FIRST_LEFT_OPEN = 3
_VERSION = lazy_pattern(r"promtool, version (\d+)\.")
_FAILURE = lazy_pattern(
    r"expr: (?P<expr>\"(?:[^\"\\]|\\.)*\"), time: (?P<time>\S+?),\s*\n\s*exp:\s*(?P<expected>.*)\n\s*got:\s*(?P<actual>.*)"
)


class Failure(Struct, frozen=True):
    """A check that gave another value than expected: its query, and when, as promtool writes the duration."""

    expression: str
    moment: str


class PromtoolOutcome(Struct, frozen=True):
    """The result for a test file: the failures, or promtool's output when it failed for another reason."""

    passed: bool
    failures: tuple[Failure, ...] = ()
    output: str = ""


def find_promtool(named: Path | None = None) -> Path | None:
    """The promtool to run; None when there is none on the path and none is named.

    Args:
        named: the program that the user names; the environment's ``PROMTOOL`` or the one on the path when
            absent.

    Raises:
        DashgenError: the one that is named does not exist.
    """
    configured = str(named) if named else os.environ.get("PROMTOOL")
    program = shutil.which(configured or "promtool")
    if program is None and configured:
        raise DashgenError(
            f"cannot run `{configured}`: promtool comes with Prometheus; "
            "name it with `--promtool` or `PROMTOOL`"
        )
    return None if program is None else Path(program)


@cache
def is_left_open(program: Path | None) -> bool:
    """Whether ranges leave out the sample at their start in a promtool, as they do since version 3.0.

    Raises:
        DashgenError: promtool cannot be started, or hangs.
    """
    if program is None:
        return True
    process = _run(program, ["--version"], program.parent)
    version = _VERSION.search(f"{process.stdout}{process.stderr}")
    return version is None or int(version[1]) >= _FIRST_LEFT_OPEN


def run_tests(program: Path, file: Path) -> PromtoolOutcome:
    """Run one test file.

    Args:
        program: promtool.
        file: the test file; rule files are named relative to its folder.

    Raises:
        DashgenError: promtool cannot be started, or hangs.
    """
    process = _run(program, ["test", "rules", file.name], file.parent)
    output = f"{process.stdout}\n{process.stderr}"
    return PromtoolOutcome(
        process.returncode == 0, tuple(read_failures(output)), "" if process.returncode == 0 else output
    )


def _run(program: Path, arguments: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603  # the program that the user named or installed
            [str(program), *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except OSError as error:
        raise DashgenError(f"cannot run `{program}`: {(error.strerror or str(error)).lower()}") from None
    except subprocess.TimeoutExpired:
        raise DashgenError(f"`{program} {' '.join(arguments[:2])}` did not end in {_SECONDS} s") from None


def read_failures(output: str) -> list[Failure]:
    """The failed checks of promtool's output.

    ``expr: "vector(0)", time: 5m,`` is a failure of ``vector(0)`` after five minutes.
    """
    return [Failure(_unquoted(match["expr"]), match["time"]) for match in _FAILURE.finditer(output)]


def _unquoted(text: str) -> str:
    """A text that Go quoted with ``%q``; its escapes are JSON's, but for control and invalid characters."""
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
