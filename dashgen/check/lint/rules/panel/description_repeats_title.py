"""The description of a panel only says its title again.

The small `i` promises more, and whoever opens it learns nothing.

Say what is normal and what to do when it is not, or leave the description out.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Safety, lint_rule
from dashgen.check.lint.title_claims import repeats


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests per second
        description: The requests per second.
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests per second
        description: About 200 at noon. None for a minute is an outage.
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a written description without a word that the title lacks."""
    if "description" not in panel.derived and repeats(panel.description, panel.title):
        message = f"the description of {panel.words} only says the title again"
        hint = "say what is normal and what to do when it is not, or leave it out"
        yield panel.problem(message, "description", hint=hint, edits=panel.remove(("description",)))
