"""What ``dashgen init`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.cli.scaffold.found_problems import ProblemGroup
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.reporters.json_report import OutputDocument, ReportedFinding, reported


class ReportedProblem(Struct, frozen=True):
    """The findings of one rule in what was imported."""

    rule: Annotated[str, Meta(description="The rule; `dashgen rule RULE` explains it.")]
    severity: Annotated[str, Meta(description="The worst of them: `error`, `warning` or `info`.")]
    count: Annotated[int, Meta(description="How many there are.")]
    first: Annotated[ReportedFinding, Meta(description="The first of them.")]
    command: Annotated[str, Meta(description="The command that shows all, to run in the project's folder.")]


class InitDocument(OutputDocument, frozen=True, kw_only=True):
    """A project that was made."""

    folder: Annotated[str, Meta(description="The project's folder.")]
    files: Annotated[list[str], Meta(description="The files that were written, as seen from the folder.")]
    kept: Annotated[list[str], Meta(description="Files that were there already, and stay as they are.")]
    dashboards: Annotated[
        int, Meta(description="The dashboards that were imported or made of metrics, or the example's.")
    ]
    rules: Annotated[int, Meta(description="The alert and recording rules that were imported.")]
    metrics: Annotated[
        int, Meta(description="The metrics of the contract that was made of what applications expose.")
    ]
    recognised: Annotated[list[str], Meta(description="What the first dashboard was made of.")]
    problems: Annotated[list[ReportedProblem], Meta(description="What is wrong with it, the worst first.")]
    failures: Annotated[list[ReportedFinding], Meta(description="What could not be read or imported.")]
    next: Annotated[list[str], Meta(description="The commands to run next.")]


def reported_problems(problems: Sequence[ProblemGroup]) -> list[ReportedProblem]:
    """Findings by rule as parts of the document."""
    return [
        ReportedProblem(one.rule, str(one.severity), one.count, _reported(one.first), one.command)
        for one in problems
    ]


def _reported(finding: Diagnostic) -> ReportedFinding:
    return reported([finding])[0]
