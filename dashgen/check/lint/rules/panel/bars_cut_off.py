"""Bars begin above zero.

The length of a bar is what readers compare. With `min: 90` a bar of 92 looks twice as long as one of 91.

Begin at zero, or draw a line, which may begin anywhere. Thresholds in percent of the scale are no reason.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Safety, lint_rule

_ENDS = {"percentunit": 1.0, "percent": 100.0}
_PARTS, _UNKNOWN = 20, 10.0
_BARS = frozenset(("bargauge", "barchart"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Waiting jobs
        type: bargauge
        query: sum by (queue) (queue_length)
        min: 90
    """,
    good="""
        title: Waiting jobs
        type: bargauge
        query: sum by (queue) (queue_length)
        min: 0
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for bars whose scale begins clearly above zero."""
    # A date or a temperature has no zero to begin at.
    has_zero = not (panel.unit or "").startswith(("dateTime", "celsius", "fahrenheit", "kelvin"))
    if panel.type in _BARS and panel.min is not None and panel.min >= _least(panel) and has_zero:
        message = f"the bars of {panel.words} begin at {panel.min:g}"
        yield panel.problem(message, "min", hint="begin at zero", edits=panel.set(("min",), 0))


def _least(panel: LintPanel) -> float:
    """From where on a beginning is seen; a little above zero hides the bars of nothing."""
    end = panel.max or _ENDS.get(panel.unit or "")
    return end / _PARTS if end else _UNKNOWN
