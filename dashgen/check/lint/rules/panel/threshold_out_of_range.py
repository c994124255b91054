"""A threshold of a panel lies outside its scale.

A gauge that ends at 100 is full at 100, and its ring shows nothing of the 1000 at which it turns red.

Move the threshold, or widen the scale with `min` and `max`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Waiting jobs
        type: gauge
        query: sum(queue_length)
        max: 100
        thresholds: {green: 0, red: 1000}
    """,
    good="""
        title: Waiting jobs
        type: gauge
        query: sum(queue_length)
        max: 2000
        thresholds: {green: 0, red: 1000}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for the first threshold of a gauge beyond its ends."""
    if panel.type not in ("gauge", "bargauge") or panel.thresholds_are_percentages or not panel.is_colored:
        return
    for value, color in panel.thresholds:
        below = panel.min is not None and value < panel.min
        if below or (panel.max is not None and value > panel.max):
            end = f"{panel.min:g}" if below else f"{panel.max:g}"
            message = f"{panel.words} turns {color} at {value:g}, beyond the end of its scale at {end}"
            yield panel.problem(message, "thresholds", hint="move the threshold, or widen the scale")
            return
