"""A dashboard has a tag that the organisation does not have.

Lists and links by tag find only the ones that were agreed on.

Use a tag of `policy.tags` in dashgen.yaml, or add the new one there.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule
from dashgen.core.diagnostics import nearest


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        policy: {tags: [shop, bank]}
        ---
        kind: Dashboard
        title: Orders
        tags: [shopp]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        policy: {tags: [shop, bank]}
        ---
        kind: Dashboard
        title: Orders
        tags: [shop]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each tag that is not allowed."""
    allowed = project.policy.tags
    if allowed is None:
        return
    for number, tag in enumerate(dashboard.tags):
        if tag not in allowed and tag != "dashgen":
            hint = nearest(tag, allowed) or "use one of `policy.tags`, or add it there"
            yield dashboard.problem(
                f"the tag `{tag}` is none of the organisation's", "tags", number, hint=hint
            )
