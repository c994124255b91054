"""A condition of a trace query compares a plain text with a regular expression.

Tempo anchors regular expressions, so `name =~ "checkout"` finds the same spans as `name = "checkout"`, but
cannot use its index for it.

Write `=` and `!=` for plain texts.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.traceql.traceql_nodes import FieldOperation, Literal

_PLAIN = lazy_pattern(r'"[\w /:@-]+"|`[\w /:@-]+`')
_INSTEAD = {"=~": "=", "!~": "!="}


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Checkout
        type: table
        datasource: tempo
        query: '{ resource.service.name =~ "shop" }'
    """,
    good="""
        title: Checkout
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each comparison whose expression is a plain text."""
    for node in query.traceql:
        if not isinstance(node, FieldOperation) or node.operator not in _INSTEAD:
            continue
        if isinstance(node.right, Literal) and _PLAIN.fullmatch(node.right.text):
            plain, start = _INSTEAD[node.operator], node.operator_start
            message = f"`{node.operator}` with the plain text {node.right.text} is `{plain}`"
            yield query.at(start, message, f"write `{plain}`", query.replacing(start, start + 2, plain))
