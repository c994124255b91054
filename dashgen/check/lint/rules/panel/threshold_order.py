"""The colours of thresholds get better and worse in turns.

From green to red and above that to yellow: one step has the wrong value or colour, and the worst state looks
like a warning.

Sort the colours with the values: green, yellow, red upwards, or downwards where more is better. Colours that
are bad on both sides of a good range are no finding.
"""

from collections.abc import Iterator
from itertools import groupby, pairwise

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.model.color_vision import hue_of

_BADNESS = {"green": 0, "yellow": 1, "orange": 2, "red": 3}
_FEW = 3


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, red: 10, yellow: 100}
    """,
    good="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, yellow: 10, red: 100}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for colours that get worse and then better, with more in between."""
    if not panel.is_colored or panel.has_mappings or "thresholds" in panel.derived:
        return
    colors = [color for _, color in panel.thresholds]
    # What lies below zero is mostly never there, and has any colour.
    if not panel.thresholds or panel.thresholds[0][0] > 0:
        colors.insert(0, panel.base_color)
    hues = [hue_of(color) for color in colors]
    if any(hue not in _BADNESS for hue in hues):
        return
    ranks = [_BADNESS[hue] for hue, _ in groupby(hues)]
    steps = [later > earlier for earlier, later in pairwise(ranks)]
    # Worse after better may change once, from better to worse: a good range in the middle.
    if len(ranks) >= _FEW and any(first and not second for first, second in pairwise(steps)):
        message = f"the colours of {panel.words} go {', '.join(hue for hue, _ in groupby(hues))} upwards"
        yield panel.problem(message, "thresholds", hint="sort the colours with the values")
