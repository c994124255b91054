"""The title of a panel or its link shows who somebody is.

Titles are on screens in offices, in screenshots of tickets and in shared links. An e-mail address, a session
or a token in them reaches people who must not have it.

Show an internal id, or nothing.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.check.lint.personal_data import personal_reference


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders
        variables:
          - {name: email, query: 'label_values(http_requests_total, handler)'}
        panels:
          - {title: Orders of $email, query: 'sum(rate(http_requests_total{handler=~"$email"}[5m]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        variables:
          - {name: customer, query: 'label_values(http_requests_total, handler)'}
        panels:
          - {title: Orders of $customer, query: 'sum(rate(http_requests_total{handler=~"$customer"}[5m]))'}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a title of a panel, its row or its links with a reference to personal data."""
    hint = "show an internal id, or nothing"
    if name := personal_reference(panel.title):
        yield panel.problem(f"the title `{panel.title}` shows `{name}`", "title", hint=hint)
    for link in panel.links:
        if name := personal_reference(link.title):
            message = f"the link `{link.title}` of {panel.words} shows `{name}`"
            yield panel.problem(message, "title", hint=hint)
