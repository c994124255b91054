"""Evaluate an alert of a rule file as its server does. Source: rules/alerting.go of Prometheus 3.14."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.evaluate.gotemplate.rendered_texts import RenderedText, rendered_rule_texts
from dashgen.evaluate.samples import NAME, LabelKey, Labels, Vector, label_key
from dashgen.model.duration import milliseconds

ExpressionRunner = Callable[[str, int], Vector]
"""Gives the series of an expression at a time in milliseconds."""
ALERTS: Final = "ALERTS"
"""The metric that Prometheus writes for every active alert."""


class RulerAlert(Struct):
    """An active alert: its labels, those and the value of its series, and the times of its changes."""

    labels: Labels
    series: Labels
    value: float
    active_since: int
    is_firing: bool = False
    kept_since: int | None = None

    @property
    def series_labels(self) -> Labels:
        """The labels of the series `ALERTS` that stands for it."""
        state = "firing" if self.is_firing else "pending"
        return {**self.labels, NAME: ALERTS, "alertstate": state}


class RulerRule:
    """An alert of a rule file, with its active alerts by the labels of their series."""

    def __init__(self, entry: Json, run: ExpressionRunner) -> None:
        self.entry = entry
        self._run = run
        self._pending = milliseconds(str(entry.get("for") or "0s")) or 0
        self._keep = milliseconds(str(entry.get("keep_firing_for") or "0s")) or 0
        self.active: dict[LabelKey, RulerAlert] = {}

    def evaluate(self, at: int) -> Vector:
        """Evaluate the rule once, and return what its expression gives.

        Raises:
            EvaluationFailedError: the server refuses the expression on this data.
            UnsupportedError: the evaluator lacks what it uses.
        """
        vector = self._run(str(self.entry["expr"]), at)
        results = {
            label_key(series := _without_name(sample.labels)): (series, sample.value) for sample in vector
        }
        for key, (series, value) in results.items():
            labels = self._labels(series, value)
            alert = self.active.get(key)
            if alert is None:
                self.active[key] = RulerAlert(labels, series, value, at)
            else:
                alert.labels, alert.value, alert.kept_since = labels, value, None
        for key, alert in list(self.active.items()):
            if key not in results and not self._is_kept(alert, at):
                del self.active[key]
            elif not alert.is_firing and at - alert.active_since >= self._pending:
                alert.is_firing = True
        return vector

    def _is_kept(self, alert: RulerAlert, at: int) -> bool:
        if not alert.is_firing or not self._keep:
            return False
        alert.kept_since = at if alert.kept_since is None else alert.kept_since
        return at - alert.kept_since < self._keep

    def _labels(self, series: Labels, value: float) -> Labels:
        rendered = rendered_rule_texts(self.entry.get("labels") or {}, series, value)
        own = {name: one.text for name, one in rendered.items()}
        return {**series, **own, "alertname": str(self.entry["alert"])}

    def annotations(self, alert: RulerAlert) -> dict[str, RenderedText]:
        """The texts of an alert, as they are sent."""
        return rendered_rule_texts(self.entry.get("annotations") or {}, alert.series, alert.value)


def _without_name(labels: Labels) -> Labels:
    return {name: value for name, value in labels.items() if name != NAME}
