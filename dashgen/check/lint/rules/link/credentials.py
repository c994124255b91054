"""A link has a user and a password in its address.

Everybody who can see the dashboard has them, and so have the history of each browser and the logs of each
proxy.

Remove them from the address, and change the password: it is in the history of the repository.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, Severity, lint_rule
from dashgen.core.diagnostics.redaction import user_in_address


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: Logs, url: 'https://reader:ieph4Aequ7@logs.shop.internal/'}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Logs, url: 'https://logs.shop.internal/'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for an address with a user and a password."""
    if user_in_address(link.url):
        message = f"the link `{link.title}` has a user and a password in its address"
        hint = "remove them from the address, and change the password"
        yield link.problem(message, "url", hint=hint)
