"""A graph has a line for each request, session or person.

A label with ever more values makes thousands of lines: the browser stops, and the legend tells nothing.

Keep the largest with `topk(10, …)`, or group by a label with few values.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_ENDLESS = lazy_pattern(
    r"(?:\w*_)?(?:trace|span|request|correlation|session|conversation|message|transaction|user)_?id|url|uuid"
)
_LIMITS = frozenset(("topk", "bottomk", "limitk", "limit_ratio", "quantile", "approx_topk"))


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests
        query: sum by (user_id) (rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests
        query: topk(10, sum by (user_id) (rate(http_requests_total[$__rate_interval])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for a graph grouped by an endless label without a limit."""
    if query.facts is None or query.panel is None or query.panel.type == "table":
        return
    if query.facts.functions & _LIMITS:
        return
    for label in query.facts.grouping or ():
        if _ENDLESS.fullmatch(label):
            message = f"the graph has a line for each `{label}`"
            yield query.at(-1, message, "keep the largest with `topk(10, …)`")
