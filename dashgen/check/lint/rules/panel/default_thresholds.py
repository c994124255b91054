"""A figure has the thresholds that Grafana gives to new panels.

Everything below 80 is green and everything above is red, whatever it counts. A memory of 70 MiB is red, an
error rate of 7 is green.

Choose values that mean something, or one colour: `color: blue`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, red: 80}
    """,
    good="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, red: 500}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for 80 in red above green, where it is not percent."""
    is_default = panel.base_color == "green" and panel.thresholds == ((80, "red"),)
    if is_default and panel.is_colored and panel.unit != "percent" and not panel.thresholds_are_percentages:
        message = f"{panel.words} turns red at 80, as every new panel does"
        yield panel.problem(message, "thresholds", hint="choose values that mean something, or `color:`")
