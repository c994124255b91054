"""A pattern of the policy is not a regular expression, so it demands nothing.

A demand that cannot be checked looks as if everything met it.

Correct the pattern in dashgen.yaml.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.query.re2_patterns import re2_pattern


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {alert_names: '(unclosed'}
            ---
            kind: Dashboard
            title: Example
            panels: [{title: Requests, query: sum(up)}]
        """,
    good="""
            policy: {alert_names: '[A-Z].+'}
            ---
            kind: Dashboard
            title: Example
            panels: [{title: Requests, query: sum(up)}]
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each pattern that does not parse."""
    policy = project.policy
    patterns: dict[tuple[str, ...], str | None] = {
        (key,): getattr(policy, key) for key in ("dashboard_names", "alert_names", "recording_names")
    }
    patterns |= {("labels", label): pattern for label, pattern in policy.labels.items()}
    patterns |= {("annotations", key): pattern for key, pattern in policy.annotations.items()}
    for keys, pattern in patterns.items():
        if pattern is not None and re2_pattern(pattern) is None:
            message = f"`{pattern}` is not a regular expression"
            yield project.problem(message, "policy", *keys, hint="correct it")
