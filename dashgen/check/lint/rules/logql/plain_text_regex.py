"""A line filter looks for a plain text with a regular expression.

`|~ "error"` finds the same lines as `|= "error"`, and `|~ ".*error.*"` as well: the expression of a line
filter is not anchored. Readers look for what the expression is for.

Write `|=` and `!=` for plain texts.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.nodes import LineFilter

_PLAIN = lazy_pattern(r'(?:\.\*)?([\w ,;:=/<>@&%#"\'-]+?)(?:\.\*)?')
_INSTEAD = {"|~": "|=", "!~": "!="}


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |~ "error"'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |= "error"'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each expression of a line filter that is a plain text."""
    for node in query.logql:
        if not isinstance(node, LineFilter) or node.operator not in _INSTEAD or len(node.texts) != 1:
            continue
        text = node.texts[0]
        match = _PLAIN.fullmatch(text.value) if not text.is_open and not text.is_ip else None
        if match is None:
            continue
        operator = _INSTEAD[node.operator]
        written = query.text[text.start : text.end]
        edits = query.replacing(node.start, text.end, f"{operator} {written.replace(text.value, match[1])}")
        message = f"`{node.operator}` looks for the plain text `{match[1]}`"
        # With escapes, what is written is not the value.
        fixes = edits if written[1:-1] == text.value else ()
        yield query.at(node.start, message, f"write `{operator}`", fixes)
