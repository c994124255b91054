"""A `label_replace` writes a label with the value that it has.

`label_replace(x, "pod", "$1", "pod", "(.*)")` copies a label onto itself. Readers look for what it changes.

Remove it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import StringLiteral

_COPIES = frozenset({("$1", "(.*)"), ("$1", "(.+)"), ("${1}", "(.*)"), ("$0", ".*"), ("$1", "^(.*)$")})
_ARGUMENTS = 5


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Requests
        query: label_replace(sum by (code) (rate(http_requests_total[5m])), "code", "$1", "code", "(.*)")
    """,
    good="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each replacement that copies a label onto itself."""
    view = query.promql
    if view is None:
        return
    for call in view.calls:
        if call.name != "label_replace" or len(call.args) != _ARGUMENTS:
            continue
        texts = [
            one.val for one in call.args[1:] if isinstance(one, StringLiteral) and not view.has_variable(one)
        ]
        if len(texts) == _ARGUMENTS - 1 and texts[0] == texts[2] and (texts[1], texts[3]) in _COPIES:
            inner = view.written(call.args[0])
            text = inner if call is view.tree else f"({inner})"
            message = f"`label_replace` writes `{texts[0]}` with the value that it has"
            yield query.at(call.start, message, "remove it", query.replacing(call.start, call.end, text))
