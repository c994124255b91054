"""Queries select one machine by its address.

The dashboard shows nothing anywhere else, and nothing here after the machine is replaced.

Add a variable `instance` with `label_values(METRIC, instance)`, and `instance=~"$instance"` to the queries.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_ADDRESS = lazy_pattern(
    r"\b(?:instance|host|hostname|node|nodename|server)\s*=~?\s*[\"`]"
    r"(?P<value>(?:\d{1,3}\\{0,2}\.){3}\d{1,3}(?::\d+)?)[\"`]"
)
_EVERYWHERE = ("127.", "0.")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(rate(http_requests_total{instance="10.1.2.3:9100"}[5m]))
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: instance, query: 'label_values(http_requests_total, instance)'}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{instance=~"$instance"}[5m]))'}
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for a matcher with an address."""
    match = _ADDRESS.search(query.text) if isinstance(query.owner, LintPanel) else None
    if match and not match["value"].startswith(_EVERYWHERE):
        message = f"the query selects the machine `{match['value']}`"
        yield query.at(
            match.start("value"), message, 'add a variable, and `instance=~"$instance"` to the query'
        )
