"""A line filter looks for an empty text, which every line has.

`|= ""` lets every line through, and `!= ""` none. Grafana's query builder leaves such filters behind.

Remove the filter.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.logql.nodes import LineFilter


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Lines
        type: logs
        datasource: loki
        query: '{app="shop"} |= "" | json'
    """,
    good="""
        title: Lines
        type: logs
        datasource: loki
        query: '{app="shop"} | json'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each line filter without a text."""
    for node in query.logql:
        if not isinstance(node, LineFilter) or len(node.texts) != 1:
            continue
        text = node.texts[0]
        if text.value or text.is_open or text.is_ip or node.operator not in {"|=", "|~", "!=", "!~"}:
            continue
        if node.operator in {"|=", "|~"}:
            end = node.end + (query.text[node.end : node.end + 1] == " ")
            edits = query.replacing(node.start, end, "")
            yield query.at(node.start, "the line filter lets every line through", "remove it", edits)
        else:
            yield query.at(node.start, "the line filter lets no line through", "write what it looks for")
