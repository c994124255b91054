"""A query computes what a recording rule of the project has stored already.

The rule computes it once for all; the panel computes it again for each step of each reader. And when the
two drift apart, two numbers of one name are on two screens.

Read the recorded series.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, Severity, lint_rule

_RULE = """
        kind: AlertRules
        group: records
        folder: Examples
        rules: [{record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}]
        ---
        kind: Dashboard
        title: Example
        panels: [{title: Requests, query: '%s'}]
"""


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    fix=Safety.UNSAFE,
    bad=_RULE % "sum by (code) (rate(http_requests_total[5m]))",
    good=_RULE % "code:http_requests:rate5m",
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each aggregation whose text is that of a recording rule."""
    view = query.promql
    if view is None or query.rule is not None or not project.recorded_texts:
        return
    for node in view.aggregations:
        name = project.recorded_texts.get("".join(view.written(node).split()))
        if name is not None:
            edits = query.replacing(node.start, node.end, name)
            yield query.at(node.start, f"a rule records this as `{name}`", f"read `{name}`", edits)
