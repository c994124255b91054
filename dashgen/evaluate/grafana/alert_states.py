"""The states of a rule's alerts from one evaluation to the next.

Source: pkg/services/ngalert/state/{state,manager}.go of Grafana 12.4.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from dashgen.evaluate.gotemplate.go_values import RefValue
from dashgen.evaluate.samples import LabelKey, Labels, label_key

DEFAULT_MISSING: Final = 2
"""The evaluations after which a series that is gone counts as recovered, unless the rule says it."""


class StateKind(StrEnum):
    """The state of an alert, in the words of Grafana's API in lower case."""

    NORMAL = "normal"
    PENDING = "pending"
    ALERTING = "alerting"
    RECOVERING = "recovering"
    NO_DATA = "no_data"
    ERROR = "error"


FIRING: Final = frozenset({StateKind.ALERTING, StateKind.RECOVERING})
"""The states in which people are notified of the alert itself."""


class EvaluationResult(Struct, frozen=True):
    """The result for one series of a rule: normal, alerting, no data or error, and the values of its refs."""

    labels: Labels
    kind: StateKind
    values: Mapping[str, RefValue] = {}


class AlertState(Struct):
    """The state of one alert.

    Attributes:
        labels: those of its series, of the rule, and those that Grafana adds.
        result_key: the labels of its series.
        kind: the state.
        reason: why it is in this state, when its own result is another.
        since: the milliseconds when the state began.
        evaluated: the milliseconds of the last evaluation that had a result for it.
        values: the values of its refs when it last had a result of its own; its texts show these.
    """

    labels: Labels
    result_key: LabelKey
    kind: StateKind = StateKind.NORMAL
    reason: str = ""
    since: int = 0
    evaluated: int = 0
    values: Mapping[str, RefValue] = field(default_factory=dict)

    @property
    def is_firing(self) -> bool:
        """Whether people are notified of the alert."""
        return self.kind in FIRING


class StateSettings(Struct, frozen=True):
    """What a rule says about states: durations in milliseconds, and states in Grafana's words."""

    interval: int
    pending: int = 0
    keep_firing: int = 0
    no_data: str = "NoData"
    on_error: str = "Error"
    missing: int = DEFAULT_MISSING


class StateManager:
    """The alerts of one rule; ``states`` are by their labels."""

    def __init__(self, settings: StateSettings) -> None:
        self.settings = settings
        self.states: dict[LabelKey, AlertState] = {}

    def loaded(self) -> set[LabelKey]:
        """The series that a threshold's recovery applies to (``AlertingResultsFromRuleState``)."""
        return {
            state.result_key
            for state in self.states.values()
            if not state.reason and state.kind in {StateKind.ALERTING, StateKind.PENDING}
        }

    def process(self, results: Sequence[tuple[Labels, EvaluationResult]], at: int) -> None:
        """Take the results of an evaluation.

        Args:
            results: each with the labels of its alert; there is one at least.
            at: the milliseconds of the evaluation.
        """
        if not (self._applies_to_all(results) and self._set_all(results[0][1], at)):
            for labels, result in results:
                key = label_key(labels)
                state = self.states.get(key)
                if state is None:
                    state = AlertState(labels, label_key(result.labels), since=at)
                    self.states[key] = state
                state.values = result.values
                self._advance(state, result, at)
        self._remove_stale(at)

    def _applies_to_all(self, results: Sequence[tuple[Labels, EvaluationResult]]) -> bool:
        kinds = {result.kind for _, result in results}
        if kinds == {StateKind.NO_DATA}:
            return self.settings.no_data in {"Alerting", "OK", "KeepLast"}
        return kinds == {StateKind.ERROR} and self.settings.on_error in {"Alerting", "OK", "KeepLast"}

    def _set_all(self, result: EvaluationResult, at: int) -> bool:
        for state in self.states.values():
            self._advance(state, result, at)
        return bool(self.states)

    def _advance(self, state: AlertState, result: EvaluationResult, at: int) -> None:
        state.evaluated = at
        handlers = {
            StateKind.ALERTING: self._alerting,
            StateKind.NO_DATA: self._no_data,
            StateKind.ERROR: self._error,
        }
        handlers.get(result.kind, self._normal)(state, at)
        is_other = state.kind is not result.kind and result.kind in {StateKind.NO_DATA, StateKind.ERROR}
        state.reason = result.kind if is_other else ""

    def _normal(self, state: AlertState, at: int) -> None:
        keep = self.settings.keep_firing
        if state.kind is StateKind.ALERTING and keep:
            _set(state, StateKind.RECOVERING, at)
        elif state.kind is not StateKind.RECOVERING or at - state.since >= keep:
            _set(state, StateKind.NORMAL, at)

    def _alerting(self, state: AlertState, at: int) -> None:
        if state.kind is StateKind.PENDING:
            if at - state.since >= self.settings.pending:
                _set(state, StateKind.ALERTING, at)
        elif state.kind in FIRING or not self.settings.pending:
            _set(state, StateKind.ALERTING, at)
        else:
            _set(state, StateKind.PENDING, at)

    def _no_data(self, state: AlertState, at: int) -> None:
        self._exceptional(state, at, self.settings.no_data, StateKind.NO_DATA)

    def _error(self, state: AlertState, at: int) -> None:
        self._exceptional(state, at, self.settings.on_error, StateKind.ERROR)

    def _exceptional(self, state: AlertState, at: int, setting: str, own: StateKind) -> None:
        if setting == "Alerting":
            self._alerting(state, at)
        elif setting == "OK":
            self._normal(state, at)
        elif setting == "KeepLast":
            self._keep_last(state, at)
        else:
            _set(state, own, at)

    def _keep_last(self, state: AlertState, at: int) -> None:
        if state.kind in {StateKind.ALERTING, StateKind.PENDING}:
            self._alerting(state, at)
        else:
            self._normal(state, at)

    def _remove_stale(self, at: int) -> None:
        for key, state in list(self.states.items()):
            is_exceptional = state.kind in {StateKind.NO_DATA, StateKind.ERROR}
            missing = 1 if is_exceptional else self.settings.missing
            if state.evaluated != at and at - state.evaluated >= missing * self.settings.interval:
                del self.states[key]


def _set(state: AlertState, kind: StateKind, at: int) -> None:
    if state.kind is not kind:
        state.kind, state.since = kind, at
