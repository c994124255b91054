"""Several lines of a graph get the same name.

A query `by (code)` has a line for each code, and the legend `Requests` gives all of them one name: nobody
can tell which is which, and overrides by name catch all.

Name the label in the legend, as in `{{code}}`, or aggregate it away.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import Expr, VectorSelector
from dashgen.query.promql.promql_view import PromQLView

_AUTOMATIC = frozenset({"", "__auto"})


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval]))
        legend: Requests
    """,
    good="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval]))
        legend: "{{code}}"
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for a legend without any of the labels that tell the lines apart."""
    view = query.promql
    if view is None or view.is_open or not query.is_drawn_over_time or query.legend in _AUTOMATIC:
        return
    if "{{" in query.legend or "$" in query.legend or "[[" in query.legend:
        return
    labels = view.labels(view.tree).only
    several = sorted(label for label in labels or () if not _is_fixed(view, view.tree, label))
    if several:
        listed = " and ".join(f"`{label}`" for label in several[:2])
        message = f"each value of {listed} has a line of its own, and all are called `{query.legend}`"
        yield query.problem(message, "legend", hint=f"write `{{{{{several[0]}}}}}` in the legend")


def _is_fixed(view: PromQLView, tree: Expr, label: str) -> bool:
    """Whether a matcher or a variable chooses one value of a label."""
    selectors = [node for node in view.below(tree) if isinstance(node, VectorSelector)]
    return any(
        matcher.label == label and (matcher.operator == "=" or view.has_variable(matcher))
        for selector in selectors
        for matcher in selector.matchers
    )
