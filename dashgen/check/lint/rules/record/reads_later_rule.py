"""A rule reads a series that a later rule of its group records.

Rules of a group run in their order. What a later one records is of the evaluation before, so the result
is one interval old.

Put the rule that records before the one that reads. A read of a range, such as `[30d]`, is no finding:
one value more or less does not matter.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintGroup, LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr, VectorSelector


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'all:http_requests:rate5m', query: 'sum(code:http_requests:rate5m)'}
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
              - {record: 'all:http_requests:rate5m', query: 'sum(code:http_requests:rate5m)'}
        """,
)
def check(group: LintGroup) -> Iterator[LintProblem]:
    """Yield a problem for each rule that reads what a later rule records."""
    position: dict[str, int] = {}
    for number, rule in enumerate(group.rules):
        if not rule.is_alert:
            position.setdefault(rule.name, number)
    for number, rule in enumerate(group.rules):
        for query in rule.queries:
            for selector in _read_at_once(query):
                if position.get(selector.name, -1) > number:
                    message = f"a later rule of the group records `{selector.name}`: this is an interval late"
                    location = query.place.character(query.keys, selector.start, query.text)
                    yield LintProblem(message, hint="put the rule that records it first", location=location)


def _read_at_once(query: LintQuery) -> Iterator[VectorSelector]:
    """The selectors whose last value alone is read."""
    view = query.promql
    for selector in view.selectors if view is not None else ():
        is_ranged = view and any(
            isinstance(one, MatrixSelector | SubqueryExpr) for one in view.around(selector)
        )
        if not is_ranged and selector.offset is None:
            yield selector
