"""The query of an annotation has a value all the time.

Grafana marks every point whose value is not zero, so one mark covers the whole graph and hides the events.

Query the moment of the event: `changes(…[1m]) > 0`, `resets(…)`, `… unless … offset 1m`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintAnnotation, LintProblem, Preset, lint_rule
from dashgen.check.lint.written_texts import texts_with_keys
from dashgen.core.lazy_pattern import lazy_pattern

_EVENT = lazy_pattern(r"[<>]|[=!]=(?![~\"])|\bunless\b|\band\b|\bor\b|ALERTS|%|\$")
_EVENT_FUNCTIONS = frozenset(("changes", "resets", "delta", "idelta", "increase", "rate", "irate", "absent"))


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Example
        annotations: [{name: Restarts, query: 'process_start_time_seconds'}]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        annotations: [{name: Restarts, query: 'changes(process_start_time_seconds[1m]) > 0'}]
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(annotation: LintAnnotation) -> Iterator[LintProblem]:
    """Yield a problem for a PromQL query that filters and counts nothing."""
    query = annotation.query
    if query is None or query.facts is None or not query.is_promql:
        return
    # The value of the series may be the time of the event.
    is_time = any(key == "useValueForTime" for key, _ in texts_with_keys(annotation.place.value))
    if not is_time and not _EVENT.search(query.text) and not query.facts.functions & _EVENT_FUNCTIONS:
        message = f"the annotation `{annotation.name}` has a value all the time, so it marks everything"
        yield annotation.problem(message, "query", hint="query the moment of the event: `changes(…[1m]) > 0`")
