"""Two annotations of a dashboard have one name.

Above the dashboard are two switches that look the same.

Put what differs into the names.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        annotations:
          - {name: Deploys, query: 'resets(up[5m]) > 0'}
          - {name: Deploys, query: 'changes(up[5m]) > 0'}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        annotations:
          - {name: Restarts, query: 'resets(up[5m]) > 0'}
          - {name: Deploys, query: 'changes(up[5m]) > 0'}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for each name that an earlier annotation has."""
    seen: set[str] = set()
    for number, annotation in enumerate(dashboard.annotations):
        # Grafana adds its own to every dashboard, in old ones twice, and shows one switch.
        if annotation.name in seen and annotation.name != "Annotations & Alerts":
            message = f"two annotations are called `{annotation.name}`"
            yield dashboard.problem(
                message, "annotations", number, "name", hint="put what differs into the names"
            )
        seen.add(annotation.name)
