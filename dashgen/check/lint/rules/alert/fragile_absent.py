"""An alert about an absent series fires after one missed scrape.

Prometheus keeps a series for five minutes after its last value, unless the target says that it is gone: a
restart is enough for `absent()` to be true for a moment.

Write `for:` with at least two scrapes, better five minutes. `absent(up…)` is no finding: a target that is
down has `up` 0.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.model.duration import lenient_seconds
from dashgen.query.promql.promql_nodes import Call, VectorSelector
from dashgen.query.promql.promql_view import walk_promql

_SCRAPE = 30.0
"""The scrape interval of those who do not name theirs, seconds: between 15 s and the default of a minute."""

_OF_SERVER = frozenset(("up", "ALERTS", "ALERTS_FOR_STATE"))
"""Series that Prometheus writes itself, also while a target restarts."""


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            alert: NoRequests
            query: absent(http_requests_total)
            when: present
        """,
    good="""
            alert: NoRequests
            query: absent(http_requests_total)
            when: present
            for: 5m
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert on `absent(…)` that does not wait for two scrapes."""
    query = rule.query
    if not rule.is_alert or query is None or query.promql is None:
        return
    scrape = lenient_seconds(project.scrape_interval) or _SCRAPE
    for call in query.promql.calls:
        if (
            call.name == "absent"
            and not _outlives_targets(call)
            and (lenient_seconds(rule.for_) or 0.0) < 2 * scrape
        ):
            hint = "write `for: 5m`"
            yield query.at(call.start, "`absent` is true for a moment whenever a target restarts", hint)
            return


def _outlives_targets(call: Call) -> bool:
    names = {node.name for node in walk_promql(call) if isinstance(node, VectorSelector)}
    return names <= _OF_SERVER
