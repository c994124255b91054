"""A query reads a data source that the organisation does not allow.

Somebody's test server, or a source with personal data, must not become part of a dashboard for all.

Use a data source of `policy.datasources` in dashgen.yaml, by uid or type, or add it there.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        policy: {datasources: [prometheus]}
        ---
        kind: Dashboard
        title: Orders
        panels: [{title: Lines, type: logs, datasource: loki, query: '{app="shop"}'}]
    """,
    good="""
        policy: {datasources: [prometheus]}
        ---
        kind: Dashboard
        title: Orders
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a query of a data source that is not allowed."""
    allowed = project.policy.datasources
    if allowed is None or not query.language or query.language in ("grafana", "datasource", "__expr__"):
        return
    if query.datasource not in allowed and query.language not in allowed:
        message = f"the query reads `{query.datasource or query.language}`, which `policy.datasources` lacks"
        yield query.at(0, message, f"use one of {', '.join(f'`{one}`' for one in allowed)}")
