"""The title of a panel names another percentile than its query computes.

Somebody copied the panel of the median and changed one of both. Who decides by it is wrong by a factor.

Correct the title or the query. The names of the queries are compared with their own percentiles too.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.check.lint.quantiles import computed_quantiles, named_quantiles


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Latency (p95)
        query: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
    """,
    good="""
        title: Latency (p99)
        query: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem where all percentiles of a name differ from all those that are computed."""
    by_query = [computed_quantiles(query) for query in panel.queries]
    for query, computed in zip(panel.queries, by_query, strict=True):
        named = named_quantiles(query.legend)
        if named and computed and not named & computed:
            message = f"the legend `{query.legend}` names another percentile than {_numbers(computed)}"
            yield query.problem(message, "legend", hint="correct the legend or the query")
    # One query whose percentile is not known may be the one that the title means.
    computed = frozenset[float]().union(*(one for one in by_query if one is not None))
    named = named_quantiles(panel.title)
    if named and computed and None not in by_query and not named & computed:
        message = f"{panel.words} names another percentile than {_numbers(computed)}, which it shows"
        yield panel.problem(message, "title", hint="correct the title or the query")


def _numbers(quantiles: frozenset[float]) -> str:
    return ", ".join(f"{quantile:g}" for quantile in sorted(quantiles))
