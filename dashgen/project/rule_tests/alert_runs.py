"""An alert on the data of a test, evaluation by evaluation, as one server evaluates it."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct

from dashgen.compile.outputs.grafana_rules import group_with_raw
from dashgen.compile.outputs.rule_files import group_data
from dashgen.compile.outputs.rule_tests import needed_groups
from dashgen.core.json_values import Json
from dashgen.evaluate.gotemplate.rendered_texts import RenderedText
from dashgen.evaluate.grafana.alert_states import StateKind
from dashgen.evaluate.grafana.expression_values import ExpressionNumber
from dashgen.evaluate.grafana.grafana_rule import GrafanaRule, GroupPlace, RuleEvaluation
from dashgen.evaluate.ruler_rule import RulerRule
from dashgen.evaluate.samples import EvaluationFailedError, Labels, UnsupportedError, Vector
from dashgen.model.alert_rules import Output, RuleTest
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.project.rule_tests.made_up_data import Evaluators, MadeUpData

SERVERS: Final[Mapping[Output, str]] = {"grafana": "Grafana", "prometheus": "Prometheus", "loki": "Loki"}
_WORST_FIRST: Final = (
    StateKind.ALERTING, StateKind.RECOVERING, StateKind.ERROR, StateKind.NO_DATA, StateKind.PENDING,
    StateKind.NORMAL,
)  # fmt: skip


class FiringAlert(Struct, frozen=True):
    """A firing alert: its labels and its rendered texts."""

    labels: Labels
    texts: Mapping[str, RenderedText]

    def has_labels(self, expected: Mapping[str, str]) -> bool:
        """Whether it has these labels among others."""
        return all(self.labels.get(name, "") == value for name, value in expected.items())


class Observation(Struct, frozen=True):
    """What an evaluation of an alert gave.

    Attributes:
        at: its milliseconds.
        firing: the alerts that fire.
        state: the worst state of the rule's alerts.
        has_data: whether the queries gave anything.
        is_below: whether they gave numbers, none of which meets the condition.
        has_samples: whether the test itself has data for this time.
    """

    at: int
    firing: Sequence[FiringAlert]
    state: StateKind
    has_data: bool
    is_below: bool
    has_samples: bool


class AlertRun(Struct, frozen=True):
    """The evaluations of an alert by one server; ``unsupported`` is what the evaluator lacks for it."""

    output: Output
    observations: Sequence[Observation] = ()
    unsupported: str = ""

    def at(self, moment: int) -> Observation:
        """The last evaluation up to a time in milliseconds."""
        index = bisect_right([one.at for one in self.observations], moment) - 1
        return self.observations[max(0, index)]


class TestedGroup:
    """A group with all groups, whose rules may record what it reads; what its tests share is made once."""

    __test__ = False  # pytest collects classes with this name

    def __init__(self, group: SettledGroup, groups: Sequence[SettledGroup], evaluators: Evaluators) -> None:
        self.group = group
        self.evaluators = evaluators
        self.interval = milliseconds(group.interval) or 60_000
        self._groups = groups

    @cached_property
    def rules(self) -> list[SettledAlert | SettledRecord]:
        """The rules of the group after those of the groups that it reads from."""
        return [rule for group in needed_groups(self.group, self._groups) for rule in group.rules]

    @cached_property
    def _grafana_data(self) -> tuple[Json, list[SettledAlert | SettledRecord]]:
        return group_with_raw(self.group)

    @property
    def folder(self) -> str:
        """The folder of its rules in Grafana."""
        return str(self._grafana_data[0]["folder"])

    def grafana_rule(self, alert: SettledAlert) -> Json:
        """An alert as Grafana is provisioned with it."""
        data, rules = self._grafana_data
        return next(one for one, rule in zip(data["rules"], rules, strict=True) if rule is alert)

    def records(self, rule: SettledAlert | SettledRecord) -> tuple[list[SettledRecord], list[SettledRecord]]:
        """The recording rules that are evaluated before a rule, and those after it."""
        index = next(i for i, other in enumerate(self.rules) if other is rule)
        before, after = (
            [one for one in part if isinstance(one, SettledRecord) and one is not rule]
            for part in (self.rules[:index], self.rules[index:])
        )
        return before, after


class TestedAlert(Struct, frozen=True):
    """An alert of a group."""

    __test__ = False  # pytest collects classes with this name

    alert: SettledAlert
    group: TestedGroup


def run_alert(tested: TestedAlert, test: RuleTest, output: Output, last: int) -> AlertRun:
    """Evaluate an alert on the data of a test.

    Args:
        tested: the alert.
        test: the test.
        output: the server that evaluates it.
        last: the milliseconds up to which it is evaluated.
    """
    try:
        data = MadeUpData(test, tested.group.evaluators, last, tested.group.interval)
        observe = (
            _grafana_observer(tested, test, data)
            if output == "grafana"
            else _ruler_observer(tested, output, data)
        )
        return AlertRun(output, _observed(tested, data, observe, last))
    except UnsupportedError as error:
        return AlertRun(output, unsupported=str(error))
    except (LookupError, TypeError, ValueError, AttributeError):
        if not _has_raw(tested.alert):
            raise
        return AlertRun(output, unsupported="what `raw:` makes of the rule")


def _has_raw(alert: SettledAlert) -> bool:
    """Whether a rule may have any shape."""
    return bool(alert.rule.raw) or any(query.query.raw for query in alert.queries)


def _observed(
    tested: TestedAlert, data: MadeUpData, observe: Callable[[int], Observation], last: int
) -> list[Observation]:
    before, after = tested.group.records(tested.alert)
    observations = []
    for at in range(0, last + 1, tested.group.interval):
        data.record(before, at)
        observations.append(observe(at))
        data.record(after, at)
    return observations


def _grafana_observer(tested: TestedAlert, test: RuleTest, data: MadeUpData) -> Callable[[int], Observation]:
    entry = tested.group.grafana_rule(tested.alert)
    rule = GrafanaRule(entry, GroupPlace(tested.group.folder, tested.group.interval), data.run)

    def observe(at: int) -> Observation:
        evaluation = rule.evaluate(at, fails=_fails(test, at))
        firing = [
            FiringAlert(state.labels, rule.annotations(state))
            for state in evaluation.states
            if state.is_firing
        ]
        kinds = [state.kind for state in evaluation.states]
        return Observation(
            at,
            firing,
            next((kind for kind in _WORST_FIRST if kind in kinds), StateKind.NORMAL),
            evaluation.has_data,
            _is_below(evaluation, str(entry["condition"])),
            data.has_samples(at),
        )

    return observe


def _fails(test: RuleTest, at: int) -> bool:
    span = test.query_fails
    return span is not None and (milliseconds(span.from_) or 0) <= at <= (milliseconds(span.to) or 0)


def _is_below(evaluation: RuleEvaluation, condition: str) -> bool:
    values = evaluation.values.get(condition, [])
    return bool(values) and all(isinstance(value, ExpressionNumber) and value.value == 0 for value in values)


def _ruler_observer(tested: TestedAlert, output: Output, data: MadeUpData) -> Callable[[int], Observation]:
    alert = tested.alert
    entry = group_data(tested.group.group, [alert], output)["rules"][0]
    offset = milliseconds(tested.group.group.document.model.query_offset or "0s") or 0
    rule = RulerRule(entry, lambda query, at: data.vector(output, query, at - offset))
    # The query without the condition; a rule whose query is the condition gives nothing while all is well.
    query = alert.expression

    def observe(at: int) -> Observation:
        met = _vector_or_none(rule, at)
        data.store(id(rule), [(one.series_labels, 1.0) for one in rule.active.values()], at)
        subject = _subject(data, output, query, at - offset)
        active = list(rule.active.values())
        return Observation(
            at,
            [FiringAlert(one.labels, rule.annotations(one)) for one in active if one.is_firing],
            _ruler_state([one.is_firing for one in active]),
            bool(subject),
            bool(subject) and not met,
            data.has_samples(at),
        )

    return observe


def _subject(data: MadeUpData, kind: str, query: str, at: int) -> Vector:
    """What the query without the condition gives; nothing where the server refuses it."""
    try:
        return data.vector(kind, query, at)
    except EvaluationFailedError:
        return []


def _vector_or_none(rule: RulerRule, at: int) -> Vector:
    """What the rule's expression gives; nothing where the server refuses it, and its alerts stay."""
    try:
        return rule.evaluate(at)
    except EvaluationFailedError:
        return []


def _ruler_state(firing: Iterable[bool]) -> StateKind:
    states = list(firing)
    if any(states):
        return StateKind.ALERTING
    return StateKind.PENDING if states else StateKind.NORMAL
