"""The range of a rate or slope is one step of the graph, which may be shorter than two scrapes.

`$__interval` is the step of a graph. Zoomed in it is as short as a scrape, and a rate of one sample has no
value: the graph is full of gaps exactly when somebody looks closely.

Write `$__rate_interval`, which is never shorter than four scrapes. Of specs the build reports `rate`,
`irate` and `increase` as `query/interval`. A panel or query with a minimal step of its own is left alone.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.json_values import mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import MatrixSelector

_STEP = lazy_pattern(r"\$__interval\b|\$\{__interval(?::\w+)?\}|\[\[__interval\]\]")
_OF_BUILDS = frozenset({"rate", "irate", "increase"})
_NEED_TWO = _OF_BUILDS | {"delta", "idelta", "deriv"}


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Growth of the queue
        query: deriv(queue_length[$__interval])
    """,
    good="""
        title: Growth of the queue
        query: deriv(queue_length[$__rate_interval])
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each such range."""
    view = query.promql
    if view is None or query.panel is None or _has_least_step(query):
        return
    for call in view.calls:
        series = call.args[0] if call.name in _NEED_TWO else None
        if not isinstance(series, MatrixSelector) or (call.name in _OF_BUILDS and query.panel.is_spec):
            continue
        if match := _STEP.match(view.text, series.range.start):
            message = f"`{match[0]}` may be shorter than two scrapes, and `{call.name}` then has no value"
            edits = query.replacing(match.start(), match.end(), "$__rate_interval")
            hint = "write `$__rate_interval`"
            if call.name == "increase":
                hint += ", or give the query a minimal step when its bars have to add up"
            yield query.at(match.start(), message, hint, edits)


def _has_least_step(query: LintQuery) -> bool:
    """Whether the query or its panel says how long a step is at least."""
    panel = query.panel
    written = (query.place.value, panel.place.value if panel is not None else None)
    return any(mapping(one).get(key) for one in written for key in ("interval", "min_step", "step"))
