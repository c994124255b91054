"""Two series of a panel have colours that look alike to colour-blind people.

One man in twelve sees red and green as one colour, and cannot tell answered from failed requests in a graph.
The distance is computed for protanopia and deuteranopia, as for thresholds.

Choose colours that differ in brightness too, such as `green` and `semi-dark-red`. The option `distance` says
how far apart they have to be.
"""

from collections.abc import Iterator
from itertools import combinations

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Safety, Severity, lint_rule
from dashgen.model.color_vision import distinct_shade, seen_distance

_DISTANCE = 10.0


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests
        queries:
          ok: sum(rate(http_requests_total{code="200"}[5m]))
          failed: sum(rate(http_requests_total{code="500"}[5m]))
        overrides: [{name: ok, color: green}, {name: failed, color: red}]
    """,
    good="""
        title: Requests
        queries:
          ok: sum(rate(http_requests_total{code="200"}[5m]))
          failed: sum(rate(http_requests_total{code="500"}[5m]))
        overrides: [{name: ok, color: green}, {name: failed, color: semi-dark-red}]
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each two fixed colours that are too near."""
    least = project.option("panel/color-blind-series", "distance", _DISTANCE)
    colored = [(str(one.options["color"]), one) for one in panel.overrides if one.options.get("color")]
    for (first, _), (second, override) in combinations(colored, 2):
        distance = seen_distance(first, second)
        if first != second and distance is not None and distance < least:
            message = (
                f"`{first}` and `{second}` look alike to colour-blind people ({distance:.0f} of {least:g})"
            )
            shade = distinct_shade(first, second, least)
            hint = f"write `{shade}` for `{second}`" if shade else "choose another colour"
            edits = panel.set((*override.keys, "color"), shade) if shade else ()
            yield panel.problem(message, *override.keys, "color", hint=hint, edits=edits)
