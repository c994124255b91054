"""A link has no title.

It is an icon or an empty line of a menu. Nobody clicks what does not say where it leads.

Write `title:` with the name of what opens.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintLink, LintPanel, LintProblem, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(up)
        links: [{title: '', url: /d/orders}]
    """,
    good="""
        title: Requests
        query: sum(up)
        links: [{title: Orders, url: /d/orders}]
    """,
)
def check(link: LintLink) -> Iterator[LintProblem]:
    """Yield a problem for a link of a panel without a title."""
    if isinstance(link.owner, LintPanel) and link.url and not link.title.strip():
        yield link.problem(f"the link to `{link.url}` has no title", "title", hint="write `title:`")
