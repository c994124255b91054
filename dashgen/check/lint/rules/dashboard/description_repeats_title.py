"""The description of a dashboard only says its title again.

It looks documented, and nobody learns anything: not whose it is, not when to look at it.

Say what the dashboard answers and for whom, or leave the description out.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Safety, lint_rule
from dashgen.check.lint.title_claims import repeats


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        kind: Dashboard
        title: Orders
        description: Orders dashboard
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        description: Whether customers can order. For the shop team.
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a description without a word that the title lacks."""
    if repeats(dashboard.description, dashboard.title):
        message = "the description only says the title again"
        hint = "say what it answers and for whom, or leave it out"
        edits = dashboard.remove(("description",))
        yield dashboard.problem(message, "description", hint=hint, edits=edits)
