"""A selector reads series of many metrics.

`{job="shop"}` and `{__name__=~"http_.*"}` select whole families of metrics. Each new metric of the
application is in the result as well, and Prometheus has to look through the names of all.

Name the metric, or write `or` between those that are meant.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import VectorSelector, metric_name
from dashgen.query.promql.promql_view import PromQLView

_LISTED = lazy_pattern(r"[\w:]+(?:\|[\w:]+)*|\([\w:|]+\)")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Series
        query: 'count({job="shop"})'
    """,
    good="""
        title: Series
        query: 'count(up{job="shop"})'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each selector without a name, or with a pattern for one."""
    view = query.promql
    if view is None or view.is_open:
        return
    for selector in view.selectors:
        if metric_name(selector) is None and not _lists_names(view, selector):
            message = "the selector reads every metric that fits"
            yield query.at(selector.start, message, "name the metric")


def _lists_names(view: PromQLView, selector: VectorSelector) -> bool:
    """Whether the names are listed, or a variable may name one."""
    if view.has_variable(selector):
        return True
    names = [one for one in selector.matchers if one.label == "__name__" and one.operator == "=~"]
    return any(_LISTED.fullmatch(one.value) for one in names)
