"""A figure shows several values and does not say which is which.

With `text_mode: value` the names are left out. Two numbers stand side by side, and nobody knows which one is
the queue of the mails.

Leave `text_mode` out: `auto` names values as soon as there are several.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.SAFE,
    bad="""
        title: Waiting jobs
        type: stat
        query: sum by (queue) (queue_length)
        text_mode: value
    """,
    good="""
        title: Waiting jobs
        type: stat
        query: sum by (queue) (queue_length)
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a figure without names whose queries give several series."""
    if panel.type != "stat" or panel.text_mode != "value" or panel.display_name or panel.transformations:
        return
    if len(panel.queries) > 1 or any(_has_several(query) for query in panel.queries):
        message = f"{panel.words} shows several values without their names"
        edits = panel.remove(("text_mode",))
        yield panel.problem(message, "text_mode", hint="leave `text_mode` out", edits=edits)


def _has_several(query: LintQuery) -> bool:
    """Whether a query groups by a label that no matcher fixes."""
    matchers = [matcher for selector in query.selectors for matcher in selector.matchers]
    fixed = {matcher.label for matcher in matchers if matcher.operator == "="}
    grouping = query.facts.grouping if query.facts is not None else None
    return bool(set(grouping or ()) - fixed)
