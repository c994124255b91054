"""Two neighbouring colours of thresholds look alike to colour-blind people.

One man in twelve sees red and green as one colour. The distance of two colours is computed for protanopia and
deuteranopia; Grafana's `green` and `red` are at 8, where 2 is the least that can be seen at all.

Put `yellow` or `orange` between them, or choose a darker or lighter one, such as `semi-dark-red` beside
`green`. The option `distance` says how far apart they have to be.
"""

from collections.abc import Iterator
from itertools import pairwise

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.model.color_vision import distinct_shade, hue_of, seen_distance

_DISTANCE = 10.0


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, red: 100}
    """,
    good="""
        title: Waiting jobs
        type: stat
        query: sum(queue_length)
        thresholds: {green: 0, semi-dark-red: 100}
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each two neighbouring colours of different hues that are too near."""
    if not panel.is_colored or "thresholds" in panel.derived:
        return
    least = project.option("panel/color-blind-thresholds", "distance", _DISTANCE)
    colors = (panel.base_color, *(color for _, color in panel.thresholds))
    for first, second in pairwise(colors):
        distance = seen_distance(first, second)
        if distance is not None and distance < least and hue_of(first) != hue_of(second):
            message = (
                f"`{first}` and `{second}` look alike to colour-blind people ({distance:.0f} of {least:g})"
            )
            shade = distinct_shade(first, second, least)
            hint = f"write `{shade}` for `{second}`" if shade else "put another colour between them"
            yield panel.problem(message, "thresholds", hint=hint)
