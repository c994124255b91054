"""A pie has more slices than anybody can tell apart.

From the eighth slice on the colours repeat and the angles look alike. The legend is all that is read.

Keep the largest with `topk(7, …)`, or draw bars: `type: bargauge`. The contract says how many values a label
has; the option `most` says how many slices are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.series_numbers import most_series

_MOST = 10


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests by handler
        type: piechart
        query: sum by (handler) (increase(http_requests_total[$__range]))
    """,
    good="""
        title: Requests by handler
        type: piechart
        query: topk(7, sum by (handler) (increase(http_requests_total[$__range])))
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a pie of more series than the limit, as far as the contract tells."""
    if panel.type != "piechart":
        return
    most = project.option("panel/many-slices", "most", _MOST)
    slices = most_series(panel, project)
    if slices > most:
        message = f"{panel.words} may have {slices} slices, more than {most}"
        yield panel.problem(message, "query", hint="keep the largest with `topk(7, …)`, or draw bars")
