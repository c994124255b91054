"""A link leads to an address that was never filled in.

`https://example.com/runbook` comes from a template. At three in the morning it opens a page that says
"Example Domain".

Write the real address, or remove the link.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, lint_rule
from dashgen.check.lint.web_addresses import host_of
from dashgen.core.lazy_pattern import lazy_pattern

_HOST = lazy_pattern(
    r"(?:.*\.)?example\.(?:com|org|net)|your[-.].*|my-?company\..*|.*\.invalid", re.IGNORECASE
)
_TEXT = lazy_pattern(r"\b(?:CHANGE_?ME|REPLACE_?ME|TODO|FIXME)\b|<[a-z][\w -]*>|YOUR[_-][A-Z]+")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Runbook, url: 'https://example.com/runbook'}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Runbook, url: 'https://wiki.shop.internal/runbook'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address of a template."""
    if _HOST.fullmatch(host_of(link.url)) or _TEXT.search(link.url):
        message = f"the link `{link.title}` leads to `{link.url}`, which was never filled in"
        yield link.problem(message, "url", hint="write the real address, or remove the link")
