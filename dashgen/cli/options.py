"""Options that several commands share, and exit codes."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.core.errors import DashgenError

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNREACHABLE = 3
EXIT_CONFLICT = 4
EXIT_CODES = {
    0: "success",
    EXIT_FINDINGS: "findings or differences",
    EXIT_USAGE: "wrong usage, or a file cannot be read or written",
    EXIT_UNREACHABLE: "a server cannot be reached, or refuses the request",
    EXIT_CONFLICT: "a conflict: somebody else changed a resource, and it was left alone",
    70: "a bug in dashgen; the details are in a file, with secrets hidden",
    130: "interrupted",
}
"""The meaning of each exit code, for the reference."""


class Format(StrEnum):
    """Output formats of findings."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """The least severity of a finding that makes a command fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class ListFormat(StrEnum):
    """Output formats of results other than findings."""

    TEXT = "text"
    JSON = "json"


ProjectFolder = Annotated[
    Path,
    Option(
        "--project",
        "-C",
        metavar="DIR",
        help="The project's folder, or a folder inside it.",
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
        help="Use only this environment of dashgen.yaml; default: `all`.",
        completion="environments",
    ),
]
# Findings have all formats; other results have no severities and lines, so those of code hosts make no sense
# for them.
OutputFormat = Annotated[Format, Option("--format", "-f", help="Output format of findings.")]
LeastFailure = Annotated[
    FailOn | None,
    Option(
        "--fail-on",
        help="Exit with 1 if a finding is at least this severe; default: `error`, and `never` with "
        "`--format sarif`, whose readers judge for themselves.",
    ),
]
ReportFiles = Annotated[
    list[str] | None,
    Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Write the findings to a file too, in another format, such as `sarif=dashgen.sarif`; may be "
        "repeated.",
    ),
]
ListOutputFormat = Annotated[ListFormat, Option("--format", "-f", help="Output format.")]


def chosen_environment(name: str | None) -> str | None:
    """The environment of a `OneOrAllEnvironments`; None for all of them."""
    return None if name == "all" else name


REPORT_FORMATS = tuple(
    str(form) for form in (Format.GITHUB, Format.GITLAB, Format.JUNIT, Format.MARKDOWN, Format.SARIF)
)
"""The formats of `--report`: those of code hosts, which are the same for all commands."""


def report_files(reports: Sequence[str] | None) -> list[tuple[Format, Path]]:
    """The formats and files of `--report`.

    Raises:
        DashgenError: one is not FORMAT=FILE.
    """
    files = []
    for text in reports or ():
        form, equals, file = text.partition("=")
        if not (equals and file):
            usage_error(f"`{text}` is no report", "write for example `--report sarif=dashgen.sarif`")
        if form not in REPORT_FORMATS:
            usage_error(f"there is no report in the format `{form}`", nearest(form, REPORT_FORMATS))
        files.append((Format(form), Path(file)))
    return files


def usage_error(message: str, hint: str = "") -> NoReturn:
    """End with exit code 2 because the command line cannot be carried out.

    Raises:
        DashgenError: always.
    """
    raise DashgenError(f"{message}; {hint}" if hint else message)


_FAILING = {
    FailOn.ERROR: {Severity.ERROR},
    FailOn.WARNING: {Severity.ERROR, Severity.WARNING},
    FailOn.INFO: {Severity.ERROR, Severity.WARNING, Severity.INFO},
    FailOn.NEVER: set[Severity](),
}


def fails(
    diagnostics: Iterable[Diagnostic],
    *,
    differs: bool = False,
    fail_on: FailOn | None = None,
    form: Format = Format.TEXT,
) -> bool:
    """Whether a command fails.

    Args:
        diagnostics: its findings.
        differs: there is something else that counts as an error, such as an outdated file.
        fail_on: the choice of `--fail-on`.
        form: the format, which decides when there is no choice.
    """
    chosen = fail_on or (FailOn.NEVER if form is Format.SARIF else FailOn.ERROR)
    if chosen is FailOn.NEVER:
        return False
    return differs or any(diagnostic.severity in _FAILING[chosen] for diagnostic in diagnostics)


def finish(
    diagnostics: Iterable[Diagnostic],
    *,
    differs: bool = False,
    fail_on: FailOn | None = None,
    form: Format = Format.TEXT,
) -> None:
    """End with exit code 1 if the command `fails`."""
    if fails(diagnostics, differs=differs, fail_on=fail_on, form=form):
        raise SystemExit(EXIT_FINDINGS)
