"""One line that has no number makes a whole query fail.

`unwrap` turns a label into a number. Where that fails, the line gets the label `__error__`, and Loki
refuses the query with all its series: one odd line empties the panel.

Write `| __error__=""` behind the `unwrap`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.logql.logql_visit import walk
from dashgen.query.logql.nodes import LabelComparison, LabelFilter, LogRange, Stage

_ERROR = "__error__"


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        title: Duration
        datasource: loki
        query: avg_over_time({app="shop"} | json | unwrap duration_ms [$__auto])
    """,
    good="""
        title: Duration
        datasource: loki
        query: avg_over_time({app="shop"} | json | unwrap duration_ms | __error__="" [$__auto])
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `unwrap` whose errors are not left out behind it."""
    for node in query.logql:
        if not isinstance(node, LogRange) or node.unwrap is None:
            continue
        behind = [stage for stage in node.query.stages if stage.start > node.unwrap.start]
        if not any(_names_errors(stage) for stage in behind):
            edits = query.replacing(node.unwrap.end, node.unwrap.end, ' | __error__=""')
            message = f"a line whose `{node.unwrap.label}` is no number makes the whole query fail"
            yield query.at(node.unwrap.start, message, 'write `| __error__=""` behind it', edits)


def _names_errors(stage: Stage) -> bool:
    if not isinstance(stage, LabelFilter):
        return False
    return any(isinstance(one, LabelComparison) and one.label == _ERROR for one in walk(stage))
