"""A metric query formats lines that nobody reads.

`line_format` writes a new line. A metric query counts lines and gives numbers, so the new text is made for
every line and thrown away.

Remove it. It stays where a later filter, parser or a count of bytes looks at the line.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.logql.nodes import (
    DropLabels,
    KeepLabels,
    LabelFilter,
    LabelFormat,
    LineFormat,
    RangeFunction,
    Unwrap,
)

_BLIND = (DropLabels, KeepLabels, LabelFilter, LabelFormat, Unwrap)
"""Stages that do not look at the line."""


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Errors
        datasource: loki
        query: sum(count_over_time({app="shop"} |= "error" | line_format "{{.msg}}" [$__auto]))
    """,
    good="""
        title: Errors
        datasource: loki
        query: sum(count_over_time({app="shop"} |= "error" [$__auto]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `line_format` of a metric query with nothing behind it that reads the line."""
    for node in query.logql:
        if not isinstance(node, RangeFunction) or node.name.startswith("bytes"):
            continue
        stages = node.range.query.stages
        for index, stage in enumerate(stages):
            if isinstance(stage, LineFormat) and all(isinstance(one, _BLIND) for one in stages[index + 1 :]):
                start = len(query.text[: stage.start].rstrip())
                edits = query.replacing(start, stage.end, "")
                message = "a metric query counts lines, and nobody reads what they are formatted to"
                yield query.at(stage.start, message, "remove `line_format`", edits)
