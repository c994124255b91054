"""Tokens are added that are part of each other.

In OpenTelemetry's conventions tokens read from the cache and written to it are input tokens, and tokens of
reasoning are output tokens. Who adds them to `input_tokens` or `output_tokens` counts them twice, and the
cost with them.

Add input and output tokens only; show the parts beside them, or as a share.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import BinaryExpr, Expr, VectorSelector, metric_name
from dashgen.query.promql.promql_view import PromQLView

_PREFIX = "gen_ai_"
_PARTS = {"input": ("cache_read", "cache_write", "cache_creation"), "output": ("reasoning",)}


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Tokens
        query: >-
          sum(rate(gen_ai_client_inference_usage_input_tokens_total[$__rate_interval]))
          + sum(rate(gen_ai_client_inference_usage_cache_read_input_tokens_total[$__rate_interval]))
    """,
    good="""
        title: Tokens
        query: >-
          sum(rate(gen_ai_client_inference_usage_input_tokens_total[$__rate_interval]))
          + sum(rate(gen_ai_client_inference_usage_output_tokens_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each sum of tokens and a part of the same tokens."""
    view = query.promql
    if view is None:
        return
    for node in view.operations:
        if node.op != "+":
            continue
        left, right = _names(view, _last(node.lhs)), _names(view, node.rhs)
        for direction, parts in _PARTS.items():
            whole = [name for name in (*left, *right) if _is_whole(name, direction)]
            part = [name for name in (*left, *right) if any(f"_{one}_" in name for one in parts)]
            if whole and part:
                message = f"`{part[0]}` is a part of `{whole[0]}`, and is counted twice"
                yield query.at(node.op_start, message, "do not add it")


def _last(node: Expr) -> Expr:
    """The operand directly before an operator of a chain of sums."""
    return node.rhs if isinstance(node, BinaryExpr) and node.op == "+" else node


def _names(view: PromQLView, node: Expr) -> list[str]:
    selectors = [one for one in view.below(node) if isinstance(one, VectorSelector)]
    return [name for one in selectors if (name := metric_name(one)) and name.startswith(_PREFIX)]


def _is_whole(name: str, direction: str) -> bool:
    plain = name.removesuffix("_total").removesuffix("_sum")
    return plain.endswith(f"_usage_{direction}_tokens")
