"""An alert or recording rule has what looks like a secret in one of its texts.

It is sent in every notification, and everybody who may read the repository has it.

Remove it and make a new one at the server that issued it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule
from dashgen.check.lint.secret_shapes import secret_kind
from dashgen.check.lint.written_texts import paths_of_texts
from dashgen.core.json_values import at


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: Down
        query: sum(up)
        when: below 1
        summary: Nothing answers
        runbook: https://wiki.shop.internal/down?token=9fK2mXq7LwB4vTz8RcYd
    """,
    good="""
        alert: Down
        query: sum(up)
        when: below 1
        summary: Nothing answers
        runbook: https://wiki.shop.internal/down
    """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for each text with a secret, without the secret."""
    for keys in paths_of_texts(rule.place, secret_kind):
        message = f"this text has what looks like {secret_kind(at(rule.place.value, keys))}"
        yield rule.problem(message, *keys, hint="remove it, and make a new one where it was issued")
