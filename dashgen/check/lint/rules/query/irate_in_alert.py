"""An alert takes `irate`, which sees only the last two samples.

Between two evaluations of a rule lie several samples, of which `irate` ignores all but two. One quiet
second resets the alert's `for`, and one busy second starts it.

Write `rate` with a range of a few minutes; `irate` is for graphs that one zooms into.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        alert: HighErrorRate
        query: sum(irate(http_requests_total{code="500"}[5m]))
        when: above 1
        for: 5m
        summary: More than one request a second fails
    """,
    good="""
        alert: HighErrorRate
        query: sum(rate(http_requests_total{code="500"}[5m]))
        when: above 1
        for: 5m
        summary: More than one request a second fails
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `irate` of an alert."""
    if query.promql is None or query.rule is None or not query.rule.is_alert:
        return
    for call in query.promql.calls:
        if call.name == "irate":
            edits = query.replacing(call.start, call.start + len("irate"), "rate")
            yield query.at(call.start, "`irate` sees only the last two samples", "write `rate`", edits)
