"""A lint rule as a value, and the decorator that makes one of a function."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.check.lint.lint_finding import LintProblem, Safety
from dashgen.core.diagnostics import Severity


class Preset(StrEnum):
    """Who a rule is for.

    ``recommended`` is for every project, ``strict`` adds what a team may want to insist on, ``community`` is
    what holds for dashboards and rules that others wrote.
    """

    RECOMMENDED = "recommended"
    STRICT = "strict"
    COMMUNITY = "community"


Check: TypeAlias = Callable[..., Iterable[LintProblem]]
"""Takes a subject, and the project if it has a second parameter."""


class LintRule(Struct, frozen=True):
    """One rule.

    Attributes:
        name: ``family/slug``, from the path of its module.
        subject: the class of what it looks at.
        check: yields the problems of one subject.
        severity: how serious its findings are.
        presets: who it is for.
        bad: an example with a finding.
        good: the same without.
        safety: whether its fix is safe; None when it has none.
        text: its documentation: the first line in one sentence, then why, then what to do.
        takes_project: whether `check` takes the project as well.
        needs_server: whether it only runs with `--against-prometheus`.
    """

    name: str
    subject: type
    check: Check
    severity: Severity
    presets: frozenset[Preset]
    bad: str
    good: str
    safety: Safety | None = None
    text: str = ""
    takes_project: bool = False
    needs_server: bool = False

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return self.text.partition("\n")[0].rstrip(".")

    def problems(self, subject: object, project: Any) -> Iterable[LintProblem]:
        """The problems of one subject."""
        return self.check(subject, project) if self.takes_project else self.check(subject)


class LintRuleDraft(Struct, frozen=True):
    """What the decorator knows: a rule without the name and the text that its module gives it."""

    check: Check
    severity: Severity
    presets: frozenset[Preset]
    bad: str
    good: str
    safety: Safety | None
    needs_server: bool


def lint_rule(
    *,
    severity: Severity = Severity.WARNING,
    presets: Sequence[Preset] = (Preset.RECOMMENDED,),
    bad: str,
    good: str,
    fix: Safety | None = None,
    needs_server: bool = False,
) -> Callable[[Check], LintRuleDraft]:
    """Make a rule of a function, whose first parameter's annotation says what it looks at.

    Args:
        severity: how serious a finding is.
        presets: who the rule is for; ``strict`` has the recommended rules as well.
        bad: an example that has a finding: a whole spec if it starts with ``kind:``, the project file and
            a spec if it starts with ``policy:`` or ``lint:``, a dashboard of Grafana if it is JSON, else
            a panel, a rule or a variable, whatever the function looks at.
        good: the example after it was mended.
        fix: whether its fixes are safe; none when it has no fix.
        needs_server: whether it needs a running server.
    """
    return lambda check: LintRuleDraft(check, severity, frozenset(presets), bad, good, fix, needs_server)
