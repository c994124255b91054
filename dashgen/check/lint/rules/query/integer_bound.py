r"""A bound of a bucket or a quantile is matched as a whole number.

Since version 3 Prometheus writes the labels `le` and `quantile` as floating point numbers when it reads
targets: `le="1"` becomes `le="1.0"` (migration guide of Prometheus 3.0). A matcher for `1` then selects
nothing.

Write `le="1.0"`, or `le=~"1(\\.0)?"` as long as an older server is asked too.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_BOUNDS = frozenset({"le", "quantile"})
# From a million on they are written as `1e+06` (strconv.FormatFloat of Go with the shortest precision).
_WHOLE = lazy_pattern(r"\d{1,6}")


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        title: Share of fast answers
        query: >-
          sum(rate(http_request_duration_seconds_bucket{le="1"}[5m]))
          / sum(rate(http_request_duration_seconds_count[5m]))
    """,
    good="""
        title: Share of fast answers
        query: >-
          sum(rate(http_request_duration_seconds_bucket{le="1.0"}[5m]))
          / sum(rate(http_request_duration_seconds_count[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each bound that is compared with a whole number."""
    if query.language != "prometheus":
        return
    for selector in query.selectors:
        for matcher in selector.matchers:
            if matcher.label not in _BOUNDS or matcher.operator not in {"=", "!="} or matcher.is_open:
                continue
            if _WHOLE.fullmatch(matcher.value):
                message = f"Prometheus 3 writes the bound `{matcher.value}` as `{matcher.value}.0`"
                text = matcher.quoted(f"{matcher.value}.0", query.text)
                edits = query.replacing(matcher.value_start, matcher.end, text)
                yield query.at(matcher.value_start + 1, message, f"write `{matcher.value}.0`", edits)
