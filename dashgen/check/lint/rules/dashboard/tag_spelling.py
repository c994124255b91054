"""One tag is spelled in two ways in a project.

Grafana's tags are exact: a list or a link of dashboards with `shop` misses those with `Shop`.

Spell it like the others.
"""

from collections import Counter
from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule


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
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each tag that more dashboards of the project spell otherwise."""
    specs = [one for one in project.dashboards if one.is_spec]
    uses = Counter(tag for one in specs for tag in one.tags)
    by_rank = sorted(uses, key=lambda tag: (-uses[tag], not tag.islower(), tag))
    usual_spelling = {tag.casefold(): tag for tag in reversed(by_rank)}
    for dashboard in specs:
        for tag in dashboard.tags:
            usual = usual_spelling[tag.casefold()]
            if usual != tag:
                message = f"the tag `{tag}` is spelled `{usual}` in other dashboards"
                yield dashboard.problem(message, f"write `{usual}`")
