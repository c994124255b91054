"""A panel shows a number of things with decimals.

There are no 3.00 instances. The zeros are noise, and readers look for the half.

Write `decimals: 0`. Rates and means have decimals, and are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Safety, lint_rule

_LATEST = frozenset(("last", "lastNotNull", "first", "firstNotNull", "max", "min"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Instances
        type: stat
        query: count(up)
        decimals: 2
    """,
    good="""
        title: Instances
        type: stat
        query: count(up)
        decimals: 0
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for decimals of a figure that counts series."""
    if not panel.decimals or panel.type not in ("stat", "gauge", "bargauge") or not panel.queries:
        return
    counts = all(
        query.shape is not None and query.shape.count and query.shape.scale == 1 for query in panel.queries
    )
    if counts and set(panel.calcs) <= _LATEST and not panel.transformations:
        message = f"{panel.words} counts, but shows {panel.decimals} decimals"
        edits = panel.set(("decimals",), 0)
        yield panel.problem(message, "decimals", hint="write `decimals: 0`", edits=edits)
