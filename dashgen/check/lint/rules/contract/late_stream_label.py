"""A condition on a label of streams stands behind the selector, so that all streams are read for it.

`{app="shop"} | json | level="error"` reads every line of the application and throws most of them away. When
`level` is a label of the streams, `{app="shop", level="error"}` reads only those lines.

Write the condition into the selector. The contract's `log_labels` say which labels streams have.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.query.logql.nodes import Conditions, LabelComparison, LabelFilter, LabelFormat, LogQuery, Stage

_COMPARING = frozenset({"=", "==", "=~", "!=", "!~"})


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} | json | level="error"'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop", level="error"} | json'
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each condition that the selector could have."""
    labels = project.contract.log_labels if project.contract is not None else {}
    if not labels:
        return
    for node in query.logql:
        stages = node.stages if isinstance(node, LogQuery) else ()
        for stage in stages:
            if isinstance(stage, LabelFormat):
                break  # a label may have another value from here on
            for comparison in _demands(stage):
                if (
                    comparison.label in labels
                    and comparison.kind == "string"
                    and comparison.operator in _COMPARING
                ):
                    message = f"`{comparison.label}` is a label of streams, and all lines are read for it"
                    hint = f"write `{comparison.label}{comparison.operator}…` into the selector"
                    yield query.at(comparison.start, message, hint)


def _demands(stage: Stage) -> Iterator[LabelComparison]:
    """The comparisons of a stage that all have to hold."""
    waiting: list[LabelComparison | Conditions] = [stage.condition] if isinstance(stage, LabelFilter) else []
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, LabelComparison):
            yield condition
        elif condition.word == "and":
            waiting += reversed(condition.parts)
