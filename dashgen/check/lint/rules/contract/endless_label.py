"""A metric has a label whose values never end, such as a user or a request.

Each new value is a new series that stays in memory until it is old. Names of people in labels also stay in
backups and screenshots.

Put it into the log line or the span, and count without it. The option `labels` lists further labels.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.described_metrics import described_metrics

_ENDLESS = frozenset(
    {
        "user_id", "userid", "user", "email", "user_email", "session_id", "request_id", "trace_id",
        "span_id", "correlation_id", "conversation_id", "message_id", "ip", "client_ip", "remote_addr",
        "url", "path_with_query", "query", "prompt", "timestamp", "uuid", "api_key", "token",
    }
)  # fmt: skip


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Metrics
        metrics:
          questions_total: {type: counter, help: Questions., labels: {user_id: {max: 5000}}}
    """,
    good="""
        kind: Metrics
        metrics:
          questions_total: {type: counter, help: Questions., labels: {tier: [free, paid]}}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each such label that does not have its values listed."""
    endless = _ENDLESS.union(project.option("contract/endless-label", "labels", ()))
    for described in described_metrics(project):
        for label, values in described.metric.labels.items():
            if label in endless and not isinstance(values, list):
                message = f"the label `{label}` of `{described.name}` has ever new values"
                yield described.problem(message, "put it into log lines or spans", "labels", label)
