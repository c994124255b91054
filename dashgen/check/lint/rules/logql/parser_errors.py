"""One line that does not parse makes a whole metric query fail.

A line that is no JSON gets the label `__error__` from `| json`, and a metric query with such a line is
refused. A stack trace or a line of a library is enough.

Write `| __error__=""` behind the parser, or filter the lines that parse before it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.logql.nodes import JsonParser, LogRange

_ERROR = "__error__"


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    fix=Safety.UNSAFE,
    bad="""
        title: Errors
        datasource: loki
        query: sum(count_over_time({app="shop"} | json | level="error" [$__auto]))
    """,
    good="""
        title: Errors
        datasource: loki
        query: sum(count_over_time({app="shop"} | json | __error__="" | level="error" [$__auto]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `json` of a metric query whose errors are not looked at."""
    for node in query.logql:
        if not isinstance(node, LogRange) or _ERROR in query.text[node.start : node.end]:
            continue
        parser = next((stage for stage in node.query.stages if isinstance(stage, JsonParser)), None)
        if parser is not None:
            edits = query.replacing(parser.end, parser.end, ' | __error__=""')
            message = "a line that is no JSON makes the whole query fail"
            yield query.at(parser.start, message, 'write `| __error__=""` behind the parser', edits)
