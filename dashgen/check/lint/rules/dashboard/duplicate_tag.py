"""A dashboard has a tag twice.

It is one tag for Grafana. Two spellings that differ in upper and lower case are two tags, so a search for one
misses the dashboards with the other.

Keep one of them.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        kind: Dashboard
        title: Orders
        tags: [shop, orders, Shop]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        tags: [shop, orders]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for each tag that is there before, in whatever case."""
    seen: set[str] = set()
    for number, tag in enumerate(dashboard.tags):
        if tag.casefold() in seen:
            edits = dashboard.remove(("tags", number))
            message = f"the tag `{tag}` is there twice"
            yield dashboard.problem(message, "tags", number, hint="remove it", edits=edits)
        seen.add(tag.casefold())
