"""The thresholds of a panel are on another scale than its unit.

With `percentunit` 1 is everything, so a threshold of 80 is 8000% and never reached; with `percent` one of 0.8
is less than one percent.

Write `0.8` for `percentunit`, `80` for `percent`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_SURELY_PERCENT = 10
_HALF_OF_ALL = 0.5
_DEFAULT = ((80.0, "red"),)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Failed
        type: stat
        query: sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total[5m]))
        unit: percentunit
        thresholds: {green: 0, red: 90}
    """,
    good="""
        title: Failed
        type: stat
        query: sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total[5m]))
        unit: percentunit
        thresholds: {green: 0, red: 0.9}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for thresholds of the other percent unit."""
    values = [abs(value) for value, _ in panel.thresholds if value]
    if panel.thresholds == _DEFAULT:
        return  # what every new panel has: `panel/default-thresholds`
    if not panel.is_colored or panel.thresholds_are_percentages or not values:
        return
    if panel.unit == "percentunit" and max(values) >= _SURELY_PERCENT:
        message = f"{panel.words} has a threshold of {max(values):g}, which is {max(values) * 100:g}%"
    elif panel.unit == "percent" and _HALF_OF_ALL <= max(values) < 1:
        message = f"{panel.words} has a threshold of {max(values):g}%, less than one percent"
    else:
        return
    yield panel.problem(message, "thresholds", hint="`percentunit` goes to 1, `percent` to 100")
