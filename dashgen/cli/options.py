"""Options that several commands share, and how commands end."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

from dashgen.cli.commands.completion_command import environments
from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import Diagnostic, Severity, has_errors

EXIT_FINDINGS = 1
EXIT_CODES = {
    0: "all well",
    EXIT_FINDINGS: "findings or differences",
    2: "wrong usage, or something cannot be read or written",
    3: "a server cannot be reached, or refuses",
    4: "somebody else changed it meanwhile, and it was left alone",
    70: "a bug of dashgen; its details are kept in a file, secrets hidden",
    130: "interrupted",
}
"""What each exit code means, for the reference."""


class Format(StrEnum):
    """The forms in which findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    JUNIT = "junit"


class ListFormat(StrEnum):
    """The forms in which results are printed that are no findings."""

    TEXT = "text"
    JSON = "json"


ProjectFolder = Annotated[
    Path,
    Option(
        "--project",
        "-C",
        metavar="DIR",
        help="The project's folder, or one inside it.",
        exists=True,
        file_okay=False,
    ),
]
Environment = Annotated[
    str | None,
    Option(
        "--env",
        "-e",
        metavar="NAME",
        help="Build for this environment of dashgen.yaml.",
        autocompletion=environments,
    ),
]
OneOrAllEnvironments = Annotated[
    str | None,
    Option(
        "--env",
        "-e",
        metavar="NAME",
        help="Only this environment of dashgen.yaml; `all` of them when absent.",
        autocompletion=environments,
    ),
]
ALL = "all"
OutputFormat = Annotated[Format, Option("--format", "-f", help="How findings are printed.")]
ListOutputFormat = Annotated[ListFormat, Option("--format", "-f", help="How the result is printed.")]


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
    from dashgen.cli.project_places import as_seen_from, renamed, repository_of  # noqa: PLC0415  # see below
    from dashgen.core.errors import SpecError  # noqa: PLC0415  # only when there is something to print
    from dashgen.core.reporters import REPORTERS  # noqa: PLC0415
    from dashgen.source.load import read_text  # noqa: PLC0415

    seen_from = {Format.TEXT: Path(), Format.GITHUB: repository_of(root)}.get(form, root)
    diagnostics = renamed(diagnostics, as_seen_from(seen_from, root))

    def text_of(name: str) -> str | None:
        try:
            return read_text(seen_from / name, name)
        except SpecError:
            return None

    stream = sys.stdout if stdout or form is not Format.TEXT else sys.stderr
    stream.write(REPORTERS[form](diagnostics, text_of, use_color(stream.isatty())))


def chosen_environment(name: str | None) -> str | None:
    """The one environment that a command is about; None for all of them."""
    return None if name == ALL else name


def print_json(document: dict[str, Any]) -> None:
    """Print a result for programs, with the version of the contract first."""
    from dashgen.core.diagnostics.json_text import json_text  # noqa: PLC0415  # only for this format
    from dashgen.core.reporters.json_report import VERSION  # noqa: PLC0415

    sys.stdout.write(json_text({"version": VERSION, **document}))


def usage_error(message: str, hint: str = "") -> NoReturn:
    """End because of what was asked for.

    Raises:
        DashgenError: always.
    """
    from dashgen.core.errors import DashgenError  # noqa: PLC0415  # only when there is one

    raise DashgenError(f"{message}; {hint}" if hint else message)


def finish(diagnostics: Sequence[Diagnostic], *, differs: bool = False) -> None:
    """End with the exit code that findings or differences call for."""
    if differs or has_errors(diagnostics):
        raise SystemExit(EXIT_FINDINGS)
