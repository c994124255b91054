"""`group_left` stands where one series belongs to one.

It says that several series of the left side may share one of the right. When both sides have exactly the
labels that are compared, none can, and readers look for the labels that make the difference.

Remove it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.output_labels import compared_labels


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT, Preset.COMMUNITY],
    bad="""
        title: Share of errors
        query: >-
          sum by (method) (rate(http_requests_total{code="500"}[5m]))
          / on (method) group_left () sum by (method) (rate(http_requests_total[5m]))
    """,
    good="""
        title: Share of errors
        query: >-
          sum by (method) (rate(http_requests_total{code="500"}[5m]))
          / on (method) sum by (method) (rate(http_requests_total[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each grouping modifier of sides that have only the labels that are compared."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        matching = node.matching
        if matching is None or not matching.group or matching.include or view.has_variable(matching):
            continue
        on, _ = compared_labels(matching)
        many = view.labels(node.lhs if matching.group == "group_left" else node.rhs)
        if on is not None and many.only is not None and many.only <= on:
            message = f"`{matching.group}` is needless: both sides have only the labels that are compared"
            start = query.text.lower().find(matching.group, matching.start, matching.end)
            yield query.at(start, message, f"remove `{matching.group}`")
