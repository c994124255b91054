"""A dashboard has what looks like a secret in one of its texts.

Everybody who may read the dashboard or the repository can use it, now and from the history of git.

Remove it and make a new one at the server that issued it. What a panel needs to log in belongs to its data
source, as a reference to a variable of the environment.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Severity, lint_rule
from dashgen.check.lint.secret_shapes import secret_kind
from dashgen.check.lint.written_texts import paths_of_texts
from dashgen.core.json_values import at


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Notes, type: text, content: 'The token is glpat-9fK2mXq7LwB4vTz8RcYd.'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Notes, type: text, content: 'The token is in the vault.'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for each text with a secret, without the secret."""
    if not any(secret_kind(text) for _, text in dashboard.texts):
        return
    for keys in paths_of_texts(dashboard.place, secret_kind):
        message = f"this text has what looks like {secret_kind(at(dashboard.place.value, keys))}"
        yield dashboard.problem(message, *keys, hint="remove it, and make a new one where it was issued")
