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
    hues = [hue for hue, _ in groupby(map(hue_of, panel.shown_colors))]
    if set(hues) <= _BADNESS.keys() and _turns_back(hues):
        message = f"the colours of {panel.words} go {', '.join(hues)} upwards"
        yield panel.problem(message, "thresholds", hint="sort the colours with the values")


def _turns_back(hues: list[str]) -> bool:
    """Whether colours get worse and then better; better and then worse is a good range in the middle."""
    steps = [_BADNESS[later] > _BADNESS[earlier] for earlier, later in pairwise(hues)]
    return any(first and not second for first, second in pairwise(steps))
