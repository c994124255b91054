"""A link to a dashboard forgets the time range.

Who looks at last night's outage and follows the link sees the last hour of a quiet morning instead.

Write `dashboard:` with the uid, which keeps the time, or add `${__url_time_range}` to the address.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintPanel, LintProblem, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_DASHBOARD = lazy_pattern(r"(?:https?://[^/?#]+)?(?:/grafana)?/d/")
_TIME = lazy_pattern(r"[?&]from=|__url_time_range|__from")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: /d/orders}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: '/d/orders?${__url_time_range}'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for a link to a dashboard without a time range."""
    # At the top of a dashboard Grafana adds the time itself, if it is told to.
    is_top = not isinstance(link.owner, LintPanel)
    to_dashboard = bool(link.dashboard) or _DASHBOARD.match(link.url) is not None
    keeps = link.keep_time and (is_top or not link.url)
    if to_dashboard and not keeps and not _TIME.search(link.url):
        hint = "add `${__url_time_range}` to the address, or `keep_time: true`"
        yield link.problem(f"the link `{link.title}` forgets the time range", "url", hint=hint)
