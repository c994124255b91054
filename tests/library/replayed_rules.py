"""The rules of a shipped component while time passes over made-up series."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from statistics import NormalDist
from typing import Any

from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import NAME, SampleStore
from dashgen.model.library_example import LibraryExample
from dashgen.model.settled_alerts import SettledAlert, SettledRecord
from dashgen.query.promql.series_notation import series_labels
from tests.library.example_projects import ShippedExample, component_of

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STEP = 5 * MINUTE

Curve = Callable[[int], float | None]
"""The value of a series at a time in milliseconds; None where it has none."""


def chance(seed: int, at: int) -> float:
    """A number that is normally distributed, by chance but always the same."""
    drawn = int.from_bytes(sha256(f"{seed} {at}".encode()).digest()[:6], "big")
    return NormalDist().inv_cdf((drawn + 0.5) / 2**48)


class ReplayedRules:
    """The rules of one use of a component, and what they made of series up to some time.

    Args:
        folder: where its project can be written.
        component: its name, such as `std/anomaly`.
        arguments: the arguments of the use.
    """

    def __init__(self, folder: Path, component: str, arguments: Mapping[str, Any]) -> None:
        example = LibraryExample(title="A test", with_=dict(arguments))
        inspection = ShippedExample(component_of(component), example).inspection(folder)
        problems = [one for one in inspection.diagnostics if one.rule != "query/metric"]
        assert [f"{one.rule}: {one.message}" for one in problems] == []
        rules = [rule for group in inspection.groups for rule in group.rules]
        self.records = [rule for rule in rules if isinstance(rule, SettledRecord)]
        self.alert = next((rule for rule in rules if isinstance(rule, SettledAlert)), None)
        self.panel = inspection.dashboards[0].settled.rows[0].panels[0]
        self.store = SampleStore()
        self.met: list[int] = []
        """The times at which the alert's query had a result."""

    def add(self, written: str, curve: Curve, times: range) -> None:
        """Add a series, written as in a query, with the values of a curve."""
        labels = series_labels(written)
        for at in times:
            value = curve(at)
            if value is not None:
                self.store.add(labels, at, value)

    def run(self, times: range) -> None:
        """Evaluate all rules at each of the times."""
        for at in times:
            for rule in self.records:
                for labels, value in self.vector(rule.rule.query.strip(), at):
                    self.store.add({**labels, **rule.labels, NAME: rule.rule.record}, at, value)
            if self.alert is not None and self.vector(self.alert.expression, at):
                self.met.append(at)

    def vector(self, query: str, at: int) -> list[tuple[dict[str, str], float]]:
        """The series of a query's result."""
        result: Any = evaluate_promql(query, self.store, at)
        return [({}, result)] if isinstance(result, float) else [(dict(one[0]), one[1]) for one in result]

    def value(self, query: str, at: int) -> float | None:
        """The value of a query with one series or none."""
        vector = self.vector(query, at)
        assert len(vector) <= 1
        return vector[0][1] if vector else None

    def shown(self, number: int, at: int) -> list[tuple[dict[str, str], float]]:
        """What a query of the panel shows."""
        return self.vector(self.panel.queries[number].query.query, at)

    def warnings(self, at: int) -> list[str]:
        """The messages of the panel's warnings that hold."""
        texts = []
        for query in self.panel.queries:
            if query.warning is not None:
                for labels, _ in self.vector(query.sent or query.query.query, at):
                    text = query.legend
                    for name, value in labels.items():
                        text = text.replace("{{" + name + "}}", value)
                    texts.append(text)
        return texts

    def fires(self, lasting: int = 15 * MINUTE, step: int = STEP) -> list[int]:
        """The times from which the alert fires: its query had a result for so long."""
        started: list[int] = []
        since: int | None = None
        for before, at in zip([None, *self.met], self.met, strict=False):
            since = at if before is None or at - before > step or since is None else since
            if at - since == lasting:
                started.append(at)
        return started
