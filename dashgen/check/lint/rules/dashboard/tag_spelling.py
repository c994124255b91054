"""One tag is spelled in two ways in a project.

Grafana's tags are exact: a list or a link of dashboards with `shop` misses those with `Shop`.

Spell it like the others.
"""

from collections import Counter
from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Orders
        tags: [shop]
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Returns
        tags: [Shop]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        tags: [shop]
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Returns
        tags: [shop]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a tag that more dashboards of the project spell otherwise."""
    if not dashboard.is_spec:
        return
    uses = Counter(tag for one in project.dashboards if one.is_spec for tag in one.tags)
    for number, tag in enumerate(dashboard.tags):
        alike = [one for one in uses if one.casefold() == tag.casefold()]
        usual = min(alike, key=lambda one: (-uses[one], not one.islower(), one), default=tag)
        if usual != tag:
            message = f"the tag `{tag}` is spelled `{usual}` in other dashboards"
            yield dashboard.problem(message, "tags", number, hint=f"write `{usual}`")
