"""The replacement of `label_replace` names a group that its regular expression does not have.

A group that does not exist is an empty text. `$1` of `.*` is empty, because nothing is captured without
parentheses, and `$1_total` names a group called `1_total`: the label is removed instead of written.

Put parentheses around what is meant, and write `${1}_total` when letters, digits or `_` follow.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import Call, StringLiteral
from dashgen.query.promql.promql_view import PromQLView
from dashgen.query.re2_patterns import re2_pattern

# Go's Regexp.Expand: the longest name of letters, digits and `_`.
_GROUP = lazy_pattern(r"\$\$|\$(\w+)|\$\{(\w+)\}")
_ARGUMENTS = 5


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Hosts
        query: label_replace(sum by (instance) (up), "host", "$1", "instance", "[^:]+.*")
    """,
    good="""
        title: Hosts
        query: label_replace(sum by (instance) (up), "host", "$1", "instance", "([^:]+).*")
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each group that a replacement names and the expression lacks."""
    if query.promql is None:
        return
    for call in query.promql.calls:
        texts = _texts(query.promql, call)
        pattern = re2_pattern(texts[1].val) if texts else None
        if texts is None or pattern is None:
            continue
        # As it is written: in the tree a stand-in may be in the place of what looks like a variable.
        for match in _GROUP.finditer(query.promql.written(texts[0])):
            name = match[1] or match[2]
            exists = (
                name is None or name in pattern.groupindex or (name.isdigit() and int(name) <= pattern.groups)
            )
            if not exists:
                message = f"the expression `{texts[1].val}` has no group `{name}`: `{match[0]}` is empty"
                yield query.at(texts[0].start + match.start(), message, _hint(match[1] or ""))


def _hint(name: str) -> str:
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    if digits and digits != name:
        return f"write `${{{digits}}}{name[len(digits) :]}`"
    return "put parentheses around the part that is meant"


def _texts(view: PromQLView, call: Call) -> tuple[StringLiteral, StringLiteral] | None:
    """The replacement and the expression of a `label_replace`, when both are known."""
    if call.name != "label_replace" or len(call.args) != _ARGUMENTS:
        return None
    replacement, pattern = call.args[2], call.args[4]
    if not isinstance(replacement, StringLiteral) or not isinstance(pattern, StringLiteral):
        return None
    # A variable of Grafana starts with a letter: `$1_total` is one only for those who forget the braces.
    is_open = any(
        replacement.start <= start < pattern.end and not view.text[start + 1].isdigit()
        for start in view.variables
    )
    return None if is_open else (replacement, pattern)
