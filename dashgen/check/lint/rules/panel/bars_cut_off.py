"""Bars begin above zero.

The length of a bar is what readers compare. With `min: 90` a bar of 92 looks twice as long as one of 91.

Begin at zero, or draw a line, which may begin anywhere. Thresholds in percent of the scale are no reason.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, Safety, lint_rule

_LITTLE = 0.05
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
    """Yield a problem for bars whose scale begins above zero."""
    # A date or a temperature has no zero to begin at.
    has_zero = not (panel.unit or "").startswith(("dateTime", "celsius", "fahrenheit", "kelvin"))
    # A little above zero hides the bars of nothing.
    least = _LITTLE if panel.unit == "percentunit" else 1
    if panel.type in _BARS and panel.min is not None and panel.min >= least and has_zero:
        message = f"the bars of {panel.words} begin at {panel.min:g}"
        yield panel.problem(message, "min", hint="begin at zero", edits=panel.set(("min",), 0))
