"""A link to a dashboard names the Grafana that it is in.

On a test system the link leads to production, and after a move nowhere. The host of the Grafana that shows
the dashboard needs no mention.

Write `dashboard:` with the uid, or a path such as `/d/orders`.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, Safety, lint_rule
from dashgen.check.lint.web_addresses import host_of
from dashgen.core.lazy_pattern import lazy_pattern

_DASHBOARD = lazy_pattern(r"https?://[^/?#]+(?:/grafana)?(?=/(?:d|d-solo|explore)[/?])", re.IGNORECASE)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: 'https://grafana.shop.internal/d/orders/orders'}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: /d/orders/orders}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address of a dashboard with a host."""
    match = _DASHBOARD.match(link.url)
    # The host of another Grafana that is meant may be a variable.
    if match and "$" not in match[0] and not host_of(link.url).endswith("play.grafana.org"):
        message = f"the link `{link.title}` names the Grafana at `{host_of(link.url)}`"
        edits = link.set(("url",), link.url[match.end() :])
        hint = "write `dashboard:` with the uid, or a path such as `/d/orders`"
        yield link.problem(message, "url", hint=hint, edits=edits)
