"""A link leads to a server over plain http.

What is in the address, such as a user or an order, can be read on its way, and the page can be changed.

Write `https://`. Addresses of this machine and of private networks are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, Safety, lint_rule
from dashgen.check.lint.web_addresses import host_of, is_private


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Status, url: 'http://status.shop.com/requests'}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Status, url: 'https://status.shop.com/requests'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address that begins with `http://`."""
    host = host_of(link.url)
    if host and link.url.lower().startswith("http:") and not is_private(host):
        message = f"the link `{link.title}` leads to `{host}` over plain http"
        edits = link.set(("url",), f"https{link.url[4:]}")
        yield link.problem(message, "url", hint="write `https://`", edits=edits)
