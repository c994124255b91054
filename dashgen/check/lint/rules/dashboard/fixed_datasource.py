"""A dashboard for everybody names the data source of one Grafana.

`xK9dPz27k` is the uid that one installation made up, and `P1809F7CD0C75ACF3` is what Grafana gives a
provisioned data source that has none, from its name. Where that is another one, each panel shows "Data
source not found", and has to be edited by hand.

Add a variable of the type `datasource` and use it in every panel. A uid that people chose, such as
`prometheus`, is no finding: they provision it.

Source: `safeUIDFromName` in Grafana's `pkg/services/provisioning/datasources/types.go`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule
from dashgen.check.lint.random_names import looks_generated
from dashgen.core.lazy_pattern import lazy_pattern

_OF_NAME = lazy_pattern(r"P[0-9A-F]{16}")


@lint_rule(
    presets=[Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders
        datasource: prometheus/P1809F7CD0C75ACF3
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        datasource: $source
        variables:
          - {name: source, type: datasource, plugin: prometheus}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for each generated uid of a data source, at its first use."""
    seen: set[str] = set()
    for query in dashboard.queries:
        if query.datasource not in seen and looks_generated(query.datasource):
            seen.add(query.datasource)
            origin = (
                "stands for the name of a provisioned one"
                if _OF_NAME.fullmatch(query.datasource)
                else "one Grafana made up"
            )
            message = f"the data source has the uid `{query.datasource}`, which {origin}"
            hint = "add a variable of the type `datasource`, and use it in every panel"
            yield dashboard.problem(message, "title", hint=hint)
