"""Evaluate an alert rule of Grafana, as it is provisioned, at one time after the other.

Source: pkg/services/ngalert/eval/eval.go and pkg/expr/graph.go of Grafana 12.4.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.evaluate.gotemplate.go_values import RefValue
from dashgen.evaluate.gotemplate.rendered_texts import RenderedText, TemplateData, rendered_texts
from dashgen.evaluate.grafana.alert_states import (
    DEFAULT_MISSING,
    AlertState,
    EvaluationResult,
    StateKind,
    StateManager,
    StateSettings,
)
from dashgen.evaluate.grafana.compute_expressions import compute_expression, is_expression, needed_refs
from dashgen.evaluate.grafana.expression_values import (
    ExpressionFailedError,
    ExpressionNumber,
    ExpressionValues,
    are_related,
)
from dashgen.evaluate.samples import EvaluationFailedError, LabelKey, Labels, label_key
from dashgen.model.duration import milliseconds

QueryRunner = Callable[[Json, int], ExpressionValues]
"""Gives the values of a query, an entry of a rule's ``data``, at a time in milliseconds."""
_PRIVATE: Final = ("__alert_rule_uid__",)


class RuleEvaluation(Struct, frozen=True):
    """One evaluation of a rule.

    Attributes:
        at: the milliseconds.
        values: what each ref gave; empty where the evaluation failed.
        failure: why it failed.
        states: the alerts after it.
    """

    at: int
    values: Mapping[str, ExpressionValues]
    failure: str
    states: list[AlertState]

    @property
    def has_data(self) -> bool:
        """Whether the queries gave anything."""
        return not self.failure and all(self.values.values())


class GroupPlace(NamedTuple):
    """What Grafana knows of a rule's group: its folder and its interval in milliseconds."""

    folder: str
    interval: int


class GrafanaRule:
    """An alert rule in the shape of file provisioning, with the states of its alerts."""

    def __init__(self, data: Json, group: GroupPlace, run: QueryRunner) -> None:
        self.data = data
        self._run = run
        self._entries = {entry["refId"]: entry for entry in data["data"]}
        self._extra = {
            "alertname": str(data["title"]),
            "grafana_folder": group.folder,
            "__alert_rule_uid__": str(data.get("uid", "")),
        }
        self.manager = StateManager(_settings(data, group.interval))

    def evaluate(self, at: int, *, fails: bool = False) -> RuleEvaluation:
        """Evaluate the rule once.

        Args:
            at: the milliseconds; later than those of the evaluations before.
            fails: whether the data source does not answer.

        Raises:
            UnsupportedError: the rule uses what the evaluator lacks.
        """
        values: dict[str, ExpressionValues] = {}
        failure = "the data source does not answer" if fails else ""
        try:
            if not fails:
                self._compute(values, at)
        except (ExpressionFailedError, EvaluationFailedError) as error:
            failure = str(error)
        if not failure:
            try:
                results = self._results(values)
            except ExpressionFailedError as error:
                failure = str(error)
        if failure:
            results = [EvaluationResult({}, StateKind.ERROR)]
        self.manager.process([(self.alert_labels(result), result) for result in results], at)
        states = [_copied(state) for state in self.manager.states.values()]
        return RuleEvaluation(at, values, failure, states)

    def _compute(self, values: dict[str, ExpressionValues], at: int) -> None:
        loaded = self.manager.loaded()
        for ref in self._order():
            entry = self._entries[ref]
            if is_expression(entry):
                is_condition = ref == self.data["condition"]
                values[ref] = compute_expression(entry, values, loaded if is_condition else ())
            else:
                values[ref] = self._run(entry, at)

    def _order(self) -> list[str]:
        """The refs, each after those that it uses.

        Raises:
            ExpressionFailedError: an expression uses itself.
        """
        order: dict[str, bool] = {}

        def visit(ref: str) -> None:
            if ref in order:
                if not order[ref]:
                    raise ExpressionFailedError(f"the expression `{ref}` uses itself")
                return
            order[ref] = False
            entry = self._entries[ref]
            for other in needed_refs(entry) if is_expression(entry) else ():
                if other in self._entries:
                    visit(other)
            order[ref] = True
            done.append(ref)

        done: list[str] = []
        for ref in self._entries:
            visit(ref)
        return done

    def _results(self, values: Mapping[str, ExpressionValues]) -> list[EvaluationResult]:
        empty = [ref for ref, entry in self._entries.items() if not is_expression(entry) and not values[ref]]
        if empty:
            uids = {str(self._entries[ref]["datasourceUid"]): ref for ref in empty}
            return [
                EvaluationResult({"datasource_uid": uid, "ref_id": ref}, StateKind.NO_DATA)
                for uid, ref in uids.items()
            ]
        condition = values.get(str(self.data["condition"]), [])
        if not condition:
            return [EvaluationResult({}, StateKind.NO_DATA)]
        return _unique([self._result(value, values) for value in condition])

    def _result(self, value: object, values: Mapping[str, ExpressionValues]) -> EvaluationResult:
        if not isinstance(value, ExpressionNumber):
            raise ExpressionFailedError("looks like time series data, only reduced data can be alerted on")
        kind = StateKind.ALERTING
        if value.value is None:
            kind = StateKind.NO_DATA
        elif value.value == 0:
            kind = StateKind.NORMAL
        captured = {
            ref: capture for ref, all_of in values.items() if (capture := _capture(value.labels, all_of))
        }
        return EvaluationResult(value.labels, kind, captured)

    def alert_labels(self, result: EvaluationResult) -> Labels:
        """The labels of an alert: those of its series, those of the rule, and those that Grafana adds."""
        texts = self.data.get("labels") or {}
        own = rendered_texts(texts, self._template_data(result.labels, result.values))
        labels = {name: rendered.text for name, rendered in own.items()}
        return {**result.labels, **labels, **self._extra}

    def annotations(self, state: AlertState) -> dict[str, RenderedText]:
        """The texts of an alert, as they are sent."""
        texts = {name: text for name, text in (self.data.get("annotations") or {}).items()
                 if not name.startswith("__")}  # fmt: skip
        return rendered_texts(texts, self._template_data(dict(state.result_key), state.values))

    def _template_data(self, labels: Labels, values: Mapping[str, RefValue]) -> TemplateData:
        shown = {name: text for name, text in self._extra.items() if name not in _PRIVATE}
        return TemplateData({**labels, **shown}, values, _evaluation_string(values))


def _settings(data: Json, interval: int) -> StateSettings:
    return StateSettings(
        interval=interval,
        pending=milliseconds(str(data.get("for") or "0s")) or 0,
        keep_firing=milliseconds(str(data.get("keepFiringFor") or "0s")) or 0,
        no_data=str(data.get("noDataState") or "NoData"),
        on_error=str(data.get("execErrState") or "Error"),
        missing=int(data.get("missing_series_evals_to_resolve") or DEFAULT_MISSING),
    )


def _unique(results: list[EvaluationResult]) -> list[EvaluationResult]:
    if len({label_key(result.labels) for result in results}) < len(results):
        raise ExpressionFailedError("the condition has several values with the same labels")
    return results


def _capture(labels: Labels, values: ExpressionValues) -> RefValue | None:
    """The value of a ref that belongs to an alert: that with its labels, or with more or fewer of them."""
    numbers = [value for value in values if isinstance(value, ExpressionNumber)]
    key: LabelKey = label_key(labels)
    same = [number for number in numbers if label_key(number.labels) == key]
    related = same or [number for number in numbers if are_related(labels, number.labels)]
    if not related:
        return None
    value = related[-1].value
    return RefValue(related[-1].labels, math.nan if value is None else value)


def _evaluation_string(values: Mapping[str, RefValue]) -> str:
    """The text of `$value` (``extractEvalString``)."""
    parts = [
        f"var='{ref}' labels={{{', '.join(f'{name}={text}' for name, text in label_key(value.labels))}}} "
        f"value={value}"
        for ref, value in sorted(values.items())
    ]
    return f"[ {' ], [ '.join(parts)} ]" if parts else ""


def _copied(state: AlertState) -> AlertState:
    return AlertState(
        state.labels, state.result_key, state.kind, state.reason, state.since, state.evaluated, state.values
    )
