"""Options that several commands share, and how commands end."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.errors import DashgenError

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
        completion="environments",
    ),
]
OneOrAllEnvironments = Annotated[
    str | None,
    Option(
        "--env",
        "-e",
        metavar="NAME",
        help="Only this environment of dashgen.yaml; `all` of them when absent.",
        completion="environments",
    ),
]
ALL = "all"
OutputFormat = Annotated[Format, Option("--format", "-f", help="How findings are printed.")]
ListOutputFormat = Annotated[ListFormat, Option("--format", "-f", help="How the result is printed.")]


def chosen_environment(name: str | None) -> str | None:
    """The one environment that a command is about; None for all of them."""
    return None if name == ALL else name


def usage_error(message: str, hint: str = "") -> NoReturn:
    """End because of what was asked for.

    Raises:
        DashgenError: always.
    """
    raise DashgenError(f"{message}; {hint}" if hint else message)


def finish(diagnostics: Sequence[Diagnostic], *, differs: bool = False) -> None:
    """End with the exit code that findings or differences call for."""
    if differs or has_errors(diagnostics):
        raise SystemExit(EXIT_FINDINGS)
