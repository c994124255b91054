"""A line filter stands behind a parser, which then reads lines that are thrown away.

Loki goes through the stages in their order. A filter of lines is the cheapest of them and a parser the
dearest, so `| json |= "error"` parses every line and keeps few.

Put line filters before the first parser. What stands behind `line_format` looks at another line and stays
there.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.logql.nodes import (
    JsonParser,
    LineFilter,
    LogfmtParser,
    LogQuery,
    PatternParser,
    RegexpParser,
    Stage,
)

_PARSERS = (JsonParser, LogfmtParser, PatternParser, RegexpParser)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} | json |= "error" | level="error"'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |= "error" | json | level="error"'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each line filter directly behind a parser."""
    for node in query.logql:
        if not isinstance(node, LogQuery):
            continue
        parser: Stage | None = None
        for stage in node.stages:
            if isinstance(stage, _PARSERS):
                parser = parser or stage
            elif not isinstance(stage, LineFilter):
                parser = None
            elif parser is not None:
                text = query.text
                moved = f"{text[stage.start : stage.end]} {text[parser.start : stage.start].rstrip()}"
                edits = query.replacing(parser.start, stage.end, moved)
                message = "the line filter stands behind a parser, which reads every line for nothing"
                yield query.at(stage.start, message, "put it before the parser", edits)
                break
