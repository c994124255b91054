"""A panel asks the same query twice.

The server computes it twice, and the graph shows one line upon the other: nobody sees that there are two.

Remove one, or correct the one that was copied and not changed.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        queries:
          - {query: 'sum(rate(http_requests_total{code="500"}[$__rate_interval]))', legend: Errors}
          - {query: 'sum(rate(http_requests_total{code="500"}[$__rate_interval]))', legend: Errors}
    """,
    good="""
        title: Requests
        queries:
          - {query: 'sum(rate(http_requests_total{code="500"}[$__rate_interval]))', legend: Errors}
          - {query: 'sum(rate(http_requests_total{code="404"}[$__rate_interval]))', legend: Not found}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for each query that an earlier one of the panel equals in everything."""
    seen: set[tuple[object, ...]] = set()
    for query in panel.queries if not panel.transformations else ():
        key = (" ".join(query.text.split()), query.datasource, query.legend, query.instant, query.is_table)
        if key in seen and query.text.strip():
            yield panel.problem(f"{panel.words} asks one query twice", "title", hint="remove one of them")
        seen.add(key)
