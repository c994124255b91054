"""An annotation of a dashboard for everybody names the data source of one Grafana.

Everywhere else it shows an error in the corner of each graph.

Use the same data source variable as the panels.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintAnnotation, LintProblem, Preset, lint_rule
from dashgen.check.lint.random_names import looks_generated


@lint_rule(
    presets=[Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        annotations:
          - {name: Restarts, datasource: prometheus/P1809F7CD0C75ACF3, query: 'resets(up[5m]) > 0'}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        annotations:
          - {name: Restarts, datasource: $source, query: 'resets(up[5m]) > 0'}
        variables:
          - {name: source, type: datasource, plugin: prometheus}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(annotation: LintAnnotation) -> Iterator[LintProblem]:
    """Yield a problem for a generated uid of a data source."""
    if looks_generated(annotation.datasource):
        message = (
            f"the annotation `{annotation.name}` reads `{annotation.datasource}`, which only one Grafana has"
        )
        yield annotation.problem(message, "datasource", hint="use the data source variable of the panels")
