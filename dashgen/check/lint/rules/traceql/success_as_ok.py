"""Successful spans are looked for by `status = ok`, which hardly any span has.

Instrumentations leave the status unset when all went well; `ok` is for applications that overrule them
(OpenTelemetry's specification of the trace API, "Set Status"). Counting `ok` misses nearly all successes.

Write `status != error`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.traceql.traceql_nodes import FieldOperation, Intrinsic, Literal


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests that went well
        datasource: tempo
        query: '{ kind = server && status = ok } | rate()'
    """,
    good="""
        title: Requests that went well
        datasource: tempo
        query: '{ kind = server && status != error } | rate()'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each search for spans whose status is `ok`."""
    for node in query.traceql:
        if not isinstance(node, FieldOperation) or node.operator not in {"=", "!="}:
            continue
        left, right = node.left, node.right
        if (
            isinstance(left, Intrinsic)
            and left.name == "status"
            and isinstance(right, Literal)
            and right.text == "ok"
        ):
            instead = "status != error" if node.operator == "=" else "status = error"
            message = "spans that went well have no status: `ok` misses them"
            edits = query.replacing(left.start, right.end, instead)
            yield query.at(left.start, message, f"write `{instead}`", edits)
