"""The uid of a dashboard is a random text.

`/d/orders` tells a reader of a message where a link leads, and a reviewer whether the reference to another
dashboard is right; `/d/aeo3k9x2lq7pcb` does not.

Give new dashboards a readable uid. Changing that of an old one breaks bookmarks, so weigh it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Severity, lint_rule
from dashgen.check.lint.random_names import looks_generated


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Orders
        uid: aeo3k9x2lq7pcb
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        uid: orders
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a uid that a machine made up."""
    if looks_generated(dashboard.uid):
        message = f"the uid `{dashboard.uid}` tells nobody what it is"
        yield dashboard.problem(message, "uid", hint="give new dashboards a readable uid")
