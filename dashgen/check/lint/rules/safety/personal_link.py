"""A link sends who somebody is to another company.

The address of a link is in the logs of the server that it leads to. With an e-mail address, a session or a
token in it, they have them too.

Send an internal id, or nothing.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintProblem, Preset, lint_rule
from dashgen.check.lint.personal_data import personal_reference
from dashgen.check.lint.web_addresses import host_of, is_private


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Orders
        query: sum(up)
        links: [{title: Customer, url: 'https://crm.vendor.com/?q=${__data.fields.user_email}'}]
    """,
    good="""
        title: Orders
        query: sum(up)
        links: [{title: Customer, url: 'https://crm.vendor.com/?q=${__data.fields.order}'}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for personal data in an address of a public host."""
    host, name = host_of(link.url), personal_reference(link.url)
    if name and host and not is_private(host):
        message = f"the link `{link.title}` sends `{name}` to `{host}`"
        yield link.problem(message, "url", hint="send an internal id, or nothing")
