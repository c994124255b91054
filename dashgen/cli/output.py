"""How findings and results are printed."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashgen.cli.options import Format
from dashgen.cli.project_places import as_seen_from, renamed, repository_of
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.errors import SpecError
from dashgen.core.reporters import REPORTERS
from dashgen.core.reporters.json_report import VERSION
from dashgen.source.load import read_text


def use_color(stream_is_terminal: bool) -> bool:
    """Whether colours are wanted: on a terminal, unless NO_COLOR is set (https://no-color.org), or with FORCE_COLOR."""
    if os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"):
        return True
    return stream_is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def report(diagnostics: Sequence[Diagnostic], form: Format, root: Path, *, stdout: bool = False) -> None:
    """Print findings: as text on stderr (or stdout, where they are the result), else on stdout.

    Text names files from where one stands, annotations of GitHub from the root of the repository, the others from the project.

    As text notes are printed only where findings are the result: on each run of every command they would read as a reproach.
    """
    if form is Format.TEXT and not stdout:
        diagnostics = [one for one in diagnostics if one.severity is not Severity.INFO]

    seen_from = {Format.TEXT: Path(), Format.GITHUB: repository_of(root)}.get(form, root)
    diagnostics = renamed(diagnostics, as_seen_from(seen_from, root))

    def text_of(name: str) -> str | None:
        try:
            return read_text(seen_from / name, name)
        except SpecError:
            return None

    stream = sys.stdout if stdout or form is not Format.TEXT else sys.stderr
    stream.write(REPORTERS[form](diagnostics, text_of, use_color(stream.isatty())))


def print_json(document: dict[str, Any]) -> None:
    """Print a result for programs, with the version of the contract first."""
    sys.stdout.write(json_text({"version": VERSION, **document}))
