"""A query groups by what identifies a person.

Each series then is a person: the legend shows e-mail addresses or prompts to everybody who may open the
dashboard, and Prometheus keeps as many series as there are people, which it is not made for.

Group by a tier, a country or a model. For single people use logs or traces, which expire and can be deleted.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.personal_data import is_personal


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum by (email) (rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests
        query: sum by (handler) (rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each label of the result that identifies a person."""
    if query.panel is None or query.facts is None:
        return
    for label in query.facts.grouping or ():
        if is_personal(label):
            message = f"each series is a person: the query groups by `{label}`"
            yield query.at(-1, message, "group by a tier, a country or a model")
