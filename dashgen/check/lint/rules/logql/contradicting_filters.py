"""Two line filters contradict each other, so that no line is left.

A line cannot have a text and not have it. The panel is empty, whatever is logged.

Remove one of the two filters.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.logql.nodes import LineFilter, LineFormat, LogQuery, Unpack


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |= "error" != "error"'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |= "error" != "handled"'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each filter that excludes what another one demands."""
    for node in query.logql:
        if not isinstance(node, LogQuery):
            continue
        demanded: list[str] = []
        for stage in node.stages:
            if isinstance(stage, LineFormat | Unpack):
                break
            text = _only_text(stage) if isinstance(stage, LineFilter) else ""
            if not text or not isinstance(stage, LineFilter):
                continue
            if stage.operator == "|=":
                demanded.append(text)
            elif stage.operator == "!=" and any(text in one for one in demanded):
                message = f"an earlier filter demands `{text}`: no line is left"
                yield query.at(stage.start, message, "remove one of the two")


def _only_text(stage: LineFilter) -> str:
    """The one text of a filter; empty when there are several or it is not known."""
    text = stage.texts[0] if len(stage.texts) == 1 else None
    return "" if text is None or text.is_open or text.is_ip else text.value
