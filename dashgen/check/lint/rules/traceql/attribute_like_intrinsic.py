"""An attribute is called like something that every span has.

`.duration > 1s` asks for an attribute of the name `duration`, which hardly any span has; the duration of
the span is `duration`, without a dot. The search finds nothing and says so to nobody.

Remove the dot or the scope, or write `span:duration`. Where there is such an attribute, put a scope before
it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.traceql.traceql_names import INTRINSICS, Type
from dashgen.query.traceql.traceql_nodes import FieldOperation, SpanAttribute

_TELLING = frozenset({Type.DURATION, Type.STATUS, Type.KIND})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Slow requests
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && .duration > 1s }'
    """,
    good="""
        title: Slow requests
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && duration > 1s }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each such attribute that is compared with what only the intrinsic can be."""
    for node in query.traceql:
        if not isinstance(node, FieldOperation) or not isinstance(node.left, SpanAttribute):
            continue
        attribute = node.left
        kind = INTRINSICS.get(attribute.name)
        if not attribute.scope and kind in _TELLING and node.right.type is kind:
            message = f"`{attribute.text}` is an attribute, and not the {attribute.name} of the span"
            edits = query.replacing(attribute.start, attribute.end, attribute.name)
            yield query.at(attribute.start, message, f"write `{attribute.name}`", edits)
