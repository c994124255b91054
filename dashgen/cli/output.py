"""Print findings and results."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dashgen.cli.ci_host import blob_url, reference_url
from dashgen.cli.options import Format
from dashgen.cli.project_places import as_seen_from, renamed, repository_of
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.redaction import redacted_diagnostics
from dashgen.core.diagnostics.rule_texts import RuleText, rule_texts
from dashgen.core.errors import SpecError
from dashgen.core.files.standalone import replace_file
from dashgen.core.reporters import reporter
from dashgen.core.reporters.report_context import ReportContext
from dashgen.source.load import read_text
from dashgen.workspace.input_files import PROJECT_FILE

if TYPE_CHECKING:
    from dashgen.core.reporters.json_report import OutputDocument

# People follow paths from their folder, code hosts from the root of the repository.
_IN_REPOSITORY: Final = frozenset((Format.GITHUB, Format.GITLAB, Format.SARIF, Format.MARKDOWN))
_EXPLAINING: Final = frozenset((Format.SARIF, Format.MARKDOWN))
"""The formats that have the texts of rules."""


def use_color(stream_is_terminal: bool) -> bool:
    """Whether to print colours: on a terminal without NO_COLOR (no-color.org), or with FORCE_COLOR."""
    if os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"):
        return True
    return stream_is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def report(diagnostics: Sequence[Diagnostic], form: Format, root: Path, *, stdout: bool = False) -> None:
    """Print findings.

    Args:
        diagnostics: the findings.
        form: the output format. Formats other than text always go to stdout.
        root: the project's folder.
        stdout: findings are the result of the command: print text on stdout instead of stderr, and notes as
            well.
    """
    if form is Format.TEXT and not stdout:
        # Notes on each run of every command would drown what has to be mended.
        diagnostics = [diagnostic for diagnostic in diagnostics if diagnostic.severity is not Severity.INFO]
    stream = sys.stdout if stdout or form is not Format.TEXT else sys.stderr
    stream.write(rendered(diagnostics, form, root, color=use_color(stream.isatty())))


def write_reports(
    files: Sequence[tuple[Format, Path]],
    diagnostics: Sequence[Diagnostic],
    root: Path,
    results: Mapping[Format, Callable[[], str]] | None = None,
) -> None:
    """Write findings to the files of `--report`.

    Args:
        files: the formats and files.
        diagnostics: the findings.
        root: the project's folder.
        results: what a command has in some formats instead of its findings.
    """
    for form, file in files:
        render = (results or {}).get(form)
        text = render() if render else rendered(diagnostics, form, root, color=False)
        replace_file(file, text.encode("utf-8", "replace"))


def rendered(diagnostics: Sequence[Diagnostic], form: Format, root: Path, *, color: bool = False) -> str:
    """Findings in a format.

    Args:
        diagnostics: the findings.
        form: the output format.
        root: the project's folder.
        color: whether a terminal shows colours.
    """
    seen_from = repository_of(root) if form in _IN_REPOSITORY else Path() if form is Format.TEXT else root
    rename = as_seen_from(seen_from, root)

    def text_of(name: str) -> str | None:
        try:
            return read_text(seen_from / name, name)
        except SpecError:
            return None

    context = ReportContext(
        text_of,
        color,
        seen_from.resolve().as_posix(),
        rename(PROJECT_FILE),
        _texts_of(diagnostics) if form in _EXPLAINING else {},
        blob_url(os.environ),
        reference_url(os.environ) if form in _EXPLAINING else "",
    )
    return reporter(form)(redacted_diagnostics(renamed(diagnostics, rename)), context)


def print_json(document: "OutputDocument") -> None:
    """Print a result as JSON."""
    from dashgen.core.reporters.json_report import document_text  # only with documents

    sys.stdout.write(document_text(document))


def _texts_of(diagnostics: Sequence[Diagnostic]) -> Mapping[str, RuleText]:
    """The texts of the rules of findings; lint rules are imported only for findings of them."""
    texts = rule_texts()
    if all(diagnostic.rule in texts for diagnostic in diagnostics):
        return texts
    from dashgen.check.lint.lint_texts import own_lint_texts

    return {**texts, **own_lint_texts()}
