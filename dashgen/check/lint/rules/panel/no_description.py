"""A panel has no description.

Who looks at a panel at three in the morning has to learn what it shows and what is normal. A description
appears behind the small `i` in the panel's corner. dashgen takes one from the help of the metric, so a panel
without one reads no metric of the contract.

Write `description:` with what the reader learns and should do, or describe the metric in the contract.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_TEXTUAL = frozenset(("text", "dashlist", "alertlist", "news", "annolist", "clock"))


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        title: Instances
        query: sum(up)
    """,
    good="""
        title: Instances
        description: How many instances answer. One less is normal while a new version starts.
        query: sum(up)
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a panel without a description."""
    if not panel.description.strip() and panel.type not in _TEXTUAL:
        hint = "write what the reader learns and should do as `description:`"
        yield panel.problem(f"{panel.words} has no description", "title", hint=hint)
