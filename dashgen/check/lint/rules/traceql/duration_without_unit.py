"""A duration is compared with a number that has no unit.

Tempo counts durations in nanoseconds, so `duration > 100` holds for every span there is. Seconds or
milliseconds were meant.

Write the unit: `duration > 100ms`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.traceql.traceql_nodes import FieldNode, FieldOperation, Intrinsic, Literal

_DURATIONS = frozenset({"duration", "traceDuration", "event:timeSinceStart"})
_NUMBER = lazy_pattern(r"\d+(?:\.\d+)?")
_COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Slow requests
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && duration > 100 }'
    """,
    good="""
        title: Slow requests
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && duration > 100ms }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each duration that is compared with a bare number above 0."""
    for node in query.traceql:
        if not isinstance(node, FieldOperation) or node.operator not in _COMPARING:
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_duration(one) and isinstance(other, Literal) and _is_bare_number(other.text):
                message = f"`{other.text}` is in nanoseconds: every span takes longer"
                yield query.at(other.start, message, f"write the unit, as in `{other.text}ms`")


def _is_duration(node: FieldNode) -> bool:
    return isinstance(node, Intrinsic) and node.name in _DURATIONS


def _is_bare_number(text: str) -> bool:
    # Whoever writes a million or more counts in nanoseconds.
    return bool(_NUMBER.fullmatch(text)) and 0 < float(text) < 1_000_000
