"""An annotation has the name that Grafana gives to new ones.

The switch above the dashboard says `New annotation`, and nobody knows what it shows.

Name the events: `Deploys`, `Restarts`, `Campaigns`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintAnnotation, LintProblem, Preset, lint_rule

_DEFAULTS = frozenset(("new annotation", "annotation", "name"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        annotations: [{name: New annotation, query: 'resets(up[5m]) > 0'}]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        annotations: [{name: Restarts, query: 'resets(up[5m]) > 0'}]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(annotation: LintAnnotation) -> Iterator[LintProblem]:
    """Yield a problem for Grafana's own name."""
    if annotation.name.strip().lower() in _DEFAULTS:
        message = f"the annotation is still called `{annotation.name}`"
        yield annotation.problem(message, "name", hint="name the events")
