"""The name of a recorded series does not say its labels, its metric and its operation.

Prometheus' convention is `level:metric:operations`, such as `job:http_requests:rate5m`: who reads the
name knows what can be done with it, and the colons keep it apart from what applications export.

Rename it, with everything that reads it. The policy `recording_names` demands another form.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_FORM = lazy_pattern(r"[a-zA-Z_][\w]*(?::[\w]+){1,3}\Z")


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            record: 'requests_rate'
            query: sum by (code) (rate(http_requests_total[5m]))
        """,
    good="""
            record: 'code:http_requests:rate5m'
            query: sum by (code) (rate(http_requests_total[5m]))
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a recording rule whose name has no levels."""
    if not rule.is_alert and project.policy.recording_names is None and not _FORM.match(rule.name):
        message = f"`{rule.name}` is not of the form `level:metric:operations`"
        yield rule.problem(message, "record", hint="name it like `job:http_requests:rate5m`")
