"""What is wrong on the lines that a change touches."""

from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity, arrange
from dashgen.project.build import no_collection
from dashgen.project.lint.changed_lines import changed_lines
from dashgen.project.lint.lint_project import LintOptions
from dashgen.project.lint.run_lint import LintRun
from dashgen.review.spec_revisions import SpecRevisions

_MANY_FILES: Final = 100
"""From so many spec files on, only the files that changed are linted, where nothing else depends on them."""


class LineFindings(Struct):
    """The findings that a change has to do with, and how many others there are."""

    findings: list[Diagnostic]
    others: int = 0


@no_collection()
def line_findings(revisions: SpecRevisions, preset: str | None) -> LineFindings:
    """The findings of `validate` and `lint` on changed lines, and every error: it stops the next build.

    Args:
        revisions: both sides.
        preset: the lint rules that run; those of the project file when absent.

    Raises:
        DashgenError: a lint rule does not exist, or cannot be read.
    """
    after = revisions.after
    every = list(after.compilation.diagnostics)
    run = LintRun(after.workspace, LintOptions(preset))
    if len(after.files) >= _MANY_FILES and revisions.are_alike and not after.errors:
        run.only, run.is_partial = revisions.changed_specs, True
    # A project without any changed spec has nothing on changed lines.
    if revisions.changed_specs or revisions.changed:
        every += run.lint().report.diagnostics
    unique = arrange(dict.fromkeys(every))
    lines = changed_lines(revisions.root, revisions.commit)
    shown = [one for one in unique if one.severity is Severity.ERROR or lines.has(one.location)]
    return LineFindings(shown, len(unique) - len(shown))
