"""The specs, and whether the output folder matches them."""

from collections.abc import Sequence

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.doctor.chain import Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.project.build import BuildOptions, BuildReport, build_each

_MOST = 5


def check(subject: Subject, _known: Diagnosis) -> LinkOutcome:
    """Whether the specs compile and the output matches them."""
    workspace, output = subject.workspace, subject.workspace.project.output
    reports = build_each(BuildOptions(workspace.root, environment=workspace.environment, check=True))
    faults = []
    for report in reports:
        shown = workspace.show(report.output) if len(reports) > 1 else output
        faults += judge(report, shown)
    files = sum(len(report.records) for report in reports)
    return judged(faults, f"{files} files in {output} match the specs")


def judge(report: BuildReport, output: str) -> list[LinkFault]:
    """What is wrong with a project, from a build that wrote nothing."""
    if wrong := _wrong(report.diagnostics):
        return wrong
    # A file that no spec makes hides nothing of what the specs make; `dashgen build --check` names it.
    paths = [*report.created, *report.changed, *report.deleted]
    if not paths:
        return []
    more = f" and {len(paths) - _MOST} more" if len(paths) > _MOST else ""
    what = f"`{output}` does not match the specs"
    evidence = f"{', '.join(f'`{path}`' for path in paths[:_MOST])}{more}"
    cause = "the specs were changed after the last build"
    return [LinkFault(LiveFinding(what, evidence, cause, "`dashgen build`"))]


def _wrong(diagnostics: Sequence[Diagnostic]) -> list[LinkFault]:
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    if not errors:
        return []
    first = errors[0]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    evidence = f"{first.message}{more}"
    finding = LiveFinding(
        "the specs are wrong", evidence, first.hint or "a mistake in a spec", "`dashgen build` shows it"
    )
    return [LinkFault(finding, location=first.location)]
