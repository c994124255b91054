"""The metric contract as queries see it: by series, with types, labels and values."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from dashgen.model.known_series import PassedOver
from dashgen.model.metrics_spec import LabelValues, Metrics, labels_of, series_names

Values = frozenset[str] | None
"""The values that a label can have; None when they are not listed."""


class Series(Struct, frozen=True):
    """What the contract has for one series name: its type (`counter`, `gauge`, …) and its labels."""

    type: str
    labels: Mapping[str, Values]


class SeriesContract(Struct, frozen=True):
    """The metric contracts of a project as one.

    Attributes:
        series: the described series by name.
        recorded: the series that rules of the project record.
        passed_over: the metrics that nobody has to describe.
        target_labels: labels that every series may have beside its own.
        log_labels: the labels of log streams; empty when none are described.
    """

    series: Mapping[str, Series] = {}
    recorded: frozenset[str] = frozenset()
    passed_over: PassedOver = field(default_factory=PassedOver)
    target_labels: frozenset[str] = frozenset()
    log_labels: Mapping[str, Values] = {}

    def knows(self, name: str) -> bool:
        """Whether a series may be read without a finding."""
        return name in self.series or name in self.recorded or name in self.passed_over

    def listed_labels(self) -> frozenset[str]:
        """The labels whose values are listed for some series."""
        labels = [series.labels for series in self.series.values()]
        return frozenset(label for values in labels for label, listed in values.items() if listed is not None)


def series_contract(contracts: Iterable[Metrics], recorded: Iterable[str] = ()) -> SeriesContract | None:
    """The contracts of a project as one; nothing when there is none.

    Args:
        contracts: the `Metrics` documents.
        recorded: the names that recording rules of the project write.
    """
    documents = list(contracts)
    if not documents:
        return None
    series = {
        name: Series(_type_of(metric.type, name), _labels(metric.labels, labels_of(name, metric)))
        for contract in documents
        for family, metric in contract.metrics.items()
        for name in series_names(family, metric)
    }
    return SeriesContract(
        series if any(contract.metrics for contract in documents) else {},
        frozenset(recorded),
        PassedOver(pattern for contract in documents for pattern in contract.ignore),
        frozenset(label for contract in documents for label in contract.target_labels),
        {label: _listed(values) for contract in documents for label, values in contract.log_labels.items()},
    )


def _type_of(family: str, name: str) -> str:
    """The type of one series of a metric: the parts of a histogram only grow, as a counter does."""
    if family == "histogram" or (family == "summary" and name.endswith(("_sum", "_count"))):
        return "counter"
    return family


def _labels(described: Mapping[str, LabelValues], names: Iterable[str]) -> dict[str, Values]:
    return {name: _listed(described[name]) if name in described else None for name in names}


def _listed(values: LabelValues) -> Values:
    return frozenset(values) if isinstance(values, list) else None
