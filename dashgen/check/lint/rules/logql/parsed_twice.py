"""A line is parsed twice by the same parser.

The second `| json` finds the fields that the first one found, and writes them as `field_extracted`.

Remove one of the two.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.logql.nodes import JsonParser, LineFormat, LogfmtParser, LogQuery, Unpack, VariableStage


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} | json | level="error" | json'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} | json | level="error"'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each parser of all fields that has already been there for the same line."""
    for node in query.logql:
        if not isinstance(node, LogQuery):
            continue
        earlier: set[type] = set()
        for stage in node.stages:
            if isinstance(stage, LineFormat | Unpack | VariableStage):
                earlier.clear()
            elif isinstance(stage, JsonParser | LogfmtParser) and not stage.extractions:
                if type(stage) in earlier:
                    name = "json" if isinstance(stage, JsonParser) else "logfmt"
                    start = len(query.text[: stage.start].rstrip())
                    edits = query.replacing(start, stage.end, "")
                    yield query.at(stage.start, f"`{name}` has parsed the line already", "remove it", edits)
                earlier.add(type(stage))
