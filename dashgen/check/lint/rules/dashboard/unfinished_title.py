"""The title of a dashboard shows that somebody was only trying something.

`New dashboard`, `Orders Copy` and `TEST orders` are what Grafana or a hurried person calls a draft. In a
repository they stay for years, and nobody dares to delete them.

Give it the title that its readers look for, or keep the draft out of the main branch.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_DRAFT = lazy_pattern(
    r"(?:new|my|untitled)[ _-]?(?:new[ _-]?)?dashboard(?:[ _-]?\d+)?|untitled|asdf\w*|foo|bar|test|tmp|temp|dummy"
    r"|.*[ _-](?:copy|kopie)(?:[ _-]?\d+)?|.*\((?:copy|old|backup|wip|tmp|draft)\)"
    r"|(?:(?-i:TEST|TMP|TEMP|WIP|DRAFT))\b.*|\[(?:test|tmp|wip|draft)\].*|.*(?-i:[ _-](?:TEST|TMP|TEMP|WIP|DRAFT))",
    re.IGNORECASE,
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders Copy
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders by country
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for the title of a draft."""
    if _DRAFT.fullmatch(dashboard.title.strip()):
        hint = "give it the title that its readers look for"
        yield dashboard.problem(f"`{dashboard.title}` is the title of a draft", "title", hint=hint)
