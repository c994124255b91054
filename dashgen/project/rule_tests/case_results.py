"""What tests of rules show: the verdict on each expectation, and what an evaluator lacks."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.project.rule_tests.alert_runs import Observation


class ShownMoment(Struct, frozen=True):
    """An expectation that holds wherever it was examined.

    Attributes:
        test: the index of the test.
        at: the milliseconds.
        kind: ``fires``, ``silent`` or ``state``.
        observation: what the evaluator observed; None when it lacks something that the rule uses.
        has_series: whether the test gives any data, at whatever time.
        texts: the names of the texts that were rendered whole.
    """

    test: int
    at: int
    kind: str
    observation: Observation | None
    has_series: bool
    texts: frozenset[str] = frozenset()


class TestCase(Struct, frozen=True):
    """One test of a rule or panel: what it tests, its name, its seconds, and what failed in it."""

    __test__ = False  # pytest collects classes with this name

    subject: str
    name: str
    failures: Sequence[Diagnostic] = ()


class AlertResult(Struct, frozen=True):
    """The tests of an alert: the expectations that hold, and how many there are."""

    alert: SettledAlert
    group: SettledGroup
    shown: Sequence[ShownMoment] = ()
    cases: Sequence[TestCase] = ()
    checks: int = 0
    diagnostics: Sequence[Diagnostic] = ()


class ValueResult(Struct, frozen=True):
    """The tests of a recording rule or of panels."""

    cases: Sequence[TestCase] = ()
    checks: int = 0
    diagnostics: Sequence[Diagnostic] = ()
