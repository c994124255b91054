"""A link finds a dashboard by its title.

`/dashboard/db/orders` is how Grafana addressed dashboards before version 5, which gave them uids. A new title
breaks such links, and two dashboards of one title cannot be told apart.

Write `dashboard:` with the uid, or `/d/UID`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_OLD = lazy_pattern(r"(?:https?://[^/?#]+)?(?:/grafana)?/?dashboard(?:-solo)?/(?:db|file)/")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: /dashboard/db/orders}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: /d/orders}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address with a title instead of a uid."""
    if _OLD.match(link.url):
        message = f"the link `{link.title}` finds its dashboard by title, which may change"
        yield link.problem(message, "url", hint="write `dashboard:` with the uid, or `/d/UID`")
