"""What a run of `dashgen lint` found, and the memory of it for a run in which nothing changed.

An unchanged run imports this module, not the compiler and the rules, which take most of a second.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, arrange
from dashgen.core.files.regular import read_regular
from dashgen.project.last_build import has_same_inputs
from dashgen.workspace.build_stamp import CACHE_FOLDER, BuildStamp, build_key, same_variables
from dashgen.workspace.input_files import project_bytes

SAFE: Final = "safe"
UNSAFE: Final = "unsafe"


class CountedFinding(Protocol):
    """A finding of a lint rule, with or without its fix at hand."""

    @property
    def diagnostic(self) -> Diagnostic:
        """The finding."""

    @property
    def safety(self) -> str | None:
        """``safe`` or ``unsafe`` if there is a fix."""


class RememberedFinding(Struct, frozen=True):
    """A finding without the edits of its fix."""

    diagnostic: Diagnostic
    safety: str | None = None


class LintReport(Struct):
    """What a run found.

    Attributes:
        root: the folder that the files of findings are below.
        findings: the findings of lint rules that count.
        problems: what is wrong apart from them: specs that do not compile, comments that silence nothing.
        files: how many files were looked at.
        silenced: how many findings comments silence.
        mended: how many findings were fixed.
    """

    root: Path
    findings: Sequence[CountedFinding] = ()
    problems: list[Diagnostic] = []
    files: int = 0
    silenced: int = 0
    mended: int = 0

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Everything to show, in the order of files and lines."""
        return arrange([*self.problems, *(one.diagnostic for one in self.findings)])

    def fixable(self, safety: str) -> int:
        """How many findings have a fix of this safety."""
        return sum(1 for one in self.findings if one.safety == safety)


class RememberedRun(Struct):
    """A run over a whole project: what it was made with, and what it found.

    Attributes:
        key: see `build_key`.
        specs: the spec folders.
        inputs: the hash of all spec files.
        env: the environment variables that the project file declares, with what they were.
    """

    key: str
    specs: list[str]
    inputs: str
    env: dict[str, str | None]
    findings: list[RememberedFinding]
    problems: list[Diagnostic]
    files: int
    silenced: int


def lint_key(root: str, options: str) -> str:
    """The key of a run: dashgen's code, the project file, the options and the day."""
    return build_key(f"lint\0{options}\0{root}", project_bytes(root))


def remembered_report(root: str, key: str) -> LintReport | None:
    """What the run with this key found, if nothing changed since."""
    try:
        content = read_regular(f"{root}{os.sep}{_file(key)}", follow=False)
        run = msgspec.msgpack.decode(content, type=RememberedRun)
    except (OSError, msgspec.MsgspecError):
        return None
    stamp = BuildStamp(run.key, run.specs, run.inputs)
    if run.key != key or not same_variables(run.env) or not has_same_inputs(root, stamp):
        return None
    return LintReport(Path(root), run.findings, run.problems, run.files, run.silenced)


def remember_report(report: LintReport, stamp: BuildStamp) -> None:
    """Keep what a run found; failing to is no failure of the run.

    Args:
        report: what it found.
        stamp: the key of the run, the spec folders and their hash, and the environment variables.
    """
    from dashgen.core.files.rooted_paths import Tree  # writes, which an unchanged run does not
    from dashgen.workspace.build_cache import hide_from_git

    run = RememberedRun(
        stamp.key,
        stamp.specs,
        stamp.inputs,
        stamp.env,
        [RememberedFinding(one.diagnostic, one.safety) for one in report.findings],
        report.problems,
        report.files,
        report.silenced,
    )
    with suppress(OSError), Tree(report.root) as tree:
        hide_from_git(tree)
        tree.replace(_file(stamp.key), msgspec.msgpack.encode(run))


def _file(key: str) -> str:
    return f"{CACHE_FOLDER}/{key.partition('.')[0]}.lint"
