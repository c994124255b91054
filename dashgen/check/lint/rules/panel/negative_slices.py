"""A pie shows what may be negative.

A slice below zero has no angle. Grafana leaves it out or draws its absolute value, and the shares of all
others are wrong.

Draw bars: `type: bargauge`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_SIGNED = frozenset(("delta", "idelta", "deriv", "predict_linear"))
_UNSIGNED = frozenset(("abs", "clamp_min", "clamp"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Change of the queues
        type: piechart
        query: sum by (queue) (delta(queue_length[1h]))
    """,
    good="""
        title: Change of the queues
        type: bargauge
        query: sum by (queue) (delta(queue_length[1h]))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a pie of changes."""
    for query in panel.queries if panel.type == "piechart" else ():
        functions = query.facts.functions if query.facts is not None else frozenset()
        if functions & _SIGNED and not functions & _UNSIGNED and query.promql and not _filters(query.text):
            message = f"{panel.words} is a pie of changes, which may be negative"
            yield panel.problem(message, "type", hint="draw bars: `type: bargauge`")
            return


def _filters(text: str) -> bool:
    return "> 0" in text or ">0" in text
