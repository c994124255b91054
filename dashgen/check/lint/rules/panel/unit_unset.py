"""A panel of numbers has no unit.

A number without a unit is a riddle: seconds or milliseconds, each or in all?

Write `unit:`, and `short` where a plain number is right. What dashgen can derive has its unit already; counts
are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Severity, lint_rule

_NUMERIC = frozenset(("timeseries", "stat", "gauge", "bargauge", "barchart"))


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Waiting jobs
        query: sum(queue_length)
    """,
    good="""
        title: Waiting jobs
        query: sum(queue_length)
        unit: short
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for numbers of a metric without any unit."""
    if panel.type not in _NUMERIC or panel.unit or panel.has_mappings or panel.shown_fields:
        return
    if panel.overrides_any("unit"):
        return
    shapes = [query.shape for query in panel.queries if query.shape is not None]
    if shapes and not all(shape.count or shape.increase for shape in shapes):
        yield panel.problem(f"{panel.words} has no unit", "title", hint="write `unit:`, such as `short`")
