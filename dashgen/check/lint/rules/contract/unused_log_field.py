"""The application logs a number that no query reads.

A duration or a cost in every line is written to be summed up and charted. As long as nobody does, nobody
notices when it is wrong or gone.

Show it, or stop logging it. Fields that are texts are read by people, and are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.model.metrics_spec import log_field

_PANEL = """
        kind: Dashboard
        title: Example
        panels:
          - title: Duration
            datasource: loki
            query: 'avg_over_time({app="shop"} | json | unwrap %s | __error__="" [$__auto])'
    """


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad=_PANEL % "elapsed",
    good=_PANEL % "duration_ms",
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each number of the log fields that nothing reads."""
    read = project.log_names
    for document in project.documents.get("Metrics", []) if read else ():
        for name, written in document.model.log_fields.items():
            if log_field(written).type == "number" and name not in read:
                location = document.resolved.origin(("log_fields", name)).location(key=True)
                message = f"no query reads the log field `{name}`"
                yield LintProblem(message, hint="show it, or stop logging it", location=location)
