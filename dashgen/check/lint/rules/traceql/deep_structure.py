"""A trace query follows several structural relations in a row.

Each `>>` joins all pairs of ancestors and descendants of a trace, and joining the result again multiplies
the work. A search over hours may not end.

Name attributes of the span that is looked for, or one relation with narrow conditions on both sides. The
option `most` says how many are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Severity, lint_rule
from dashgen.query.traceql.traceql_nodes import SpanSetOperation

_MOST = 2
_JOINING = frozenset({"&&", "||"})


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Slow queries of the checkout
        type: table
        datasource: tempo
        query: '{ name = "checkout" } >> { kind = client } >> { kind = server } >> { span.db.system = "x" }'
    """,
    good="""
        title: Slow queries of the checkout
        type: table
        datasource: tempo
        query: '{ name = "checkout" } >> { span.db.system = "x" }'
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a query with too many structural operators."""
    most = project.option("traceql/deep-structure", "most", _MOST)
    relations = [
        node for node in query.traceql if isinstance(node, SpanSetOperation) and node.operator not in _JOINING
    ]
    if len(relations) > most:
        message = f"{len(relations)} structural operators in one query, more than {most}"
        yield query.at(relations[0].operator_start, message, "name attributes of the span instead")
