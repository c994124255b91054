"""An alert about an absent series fires after one missed scrape.

Prometheus keeps a series for five minutes after its last value, unless the target says that it is gone: a
restart is enough for `absent()` to be true for a moment.

Write `for:` with at least two scrapes, better five minutes.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.model.duration import lenient_seconds

_SCRAPE = 60.0


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
        if call.name == "absent" and (lenient_seconds(rule.for_) or 0.0) < 2 * scrape:
            hint = "write `for: 5m`"
            yield query.at(call.start, "`absent` is true for a moment whenever a target restarts", hint)
            return
