"""The metric contract as queries see it: by series, with types, labels and values."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from dashgen.model.genai_conventions import all_metrics
from dashgen.model.known_series import ALERT_LABELS, STREAM_LABELS, TARGET_LABELS, PassedOver
from dashgen.model.metrics_spec import (
    Convention,
    LabelValues,
    LogField,
    Metric,
    Metrics,
    labels_of,
    log_field,
    series_names,
)

Values = frozenset[str] | None
"""The values that a label can have; None when they are not listed."""


BUCKETS: Final = 12
"""The buckets of a histogram whose contract lists none: `DefBuckets` of client_golang, and `+Inf`."""
_OF_LOKI: Final = frozenset({"__error__", "__error_details__"})


class Series(Struct, frozen=True):
    """What the contract has for one series name.

    Attributes:
        type: `counter`, `gauge`, …; the parts of a histogram are counters.
        labels: its labels and their values.
        metric: the metric that it is a part of, such as the histogram of a `_bucket`.
        unit: the unit that the contract has for the metric, None when it has none.
        counts: how many values a label has at most, where the contract tells.
        deprecated: what to use instead, of a metric that goes away.
    """

    type: str
    labels: Mapping[str, Values]
    metric: str = ""
    unit: str | None = None
    counts: Mapping[str, int] = {}
    deprecated: str | None = None


class SeriesEstimate(Struct, frozen=True):
    """How many series there are at most, and the labels whose values are not limited, each counted as one."""

    series: int
    unlimited: tuple[str, ...] = ()


class SeriesContract(Struct, frozen=True):
    """The metric contracts of a project as one.

    Attributes:
        series: the described series by name.
        recorded: the series that rules of the project record.
        passed_over: the metrics that nobody has to describe.
        target_labels: labels that every series may have beside its own.
        log_labels: the labels of log streams; empty when none are described.
        log_fields: the fields of log lines; empty when none are described.
        convention: the version of the conventions for language models that the metrics follow.
    """

    series: Mapping[str, Series] = {}
    recorded: frozenset[str] = frozenset()
    passed_over: PassedOver = field(default_factory=PassedOver)
    target_labels: frozenset[str] = frozenset()
    log_labels: Mapping[str, Values] = {}
    log_fields: Mapping[str, LogField] = {}
    convention: Convention | None = None

    def knows(self, name: str) -> bool:
        """Whether a series may be read without a finding."""
        return name in self.series or name in self.recorded or name in self.passed_over

    def listed_labels(self) -> frozenset[str]:
        """The labels whose values are listed for some series."""
        labels = [series.labels for series in self.series.values()]
        return frozenset(label for values in labels for label, listed in values.items() if listed is not None)

    def has_label(self, name: str, label: str) -> bool | None:
        """Whether a series may have a label; None when the contract does not describe the series."""
        series = self.series.get(name)
        return None if series is None else label in series.labels or self._is_added(label)

    def label_values(self, name: str, label: str) -> Values:
        """The values that a label of a series can have; None when they are not listed."""
        series = self.series.get(name)
        return series.labels.get(label) if series is not None else None

    def has_log_name(self, name: str) -> bool | None:
        """Whether a log query may read a label or field; None when the contract does not describe them.

        Of a name that both a stream and a line have, Loki calls the line's ``NAME_extracted``
        (pkg/logql/log/parser.go of 3.7).
        """
        if not self.log_fields:
            return None
        names = (name, name.removesuffix("_extracted"))
        homes = (self.log_fields, self.log_labels, STREAM_LABELS, _OF_LOKI)
        return any(one in home for one in names for home in homes)

    def estimated_series(self, name: str, by: Iterable[str] | None = None) -> SeriesEstimate | None:
        """How many series a metric has at most, whatever the application runs on.

        The labels that the scrape adds are not counted, unless the result has them.

        Args:
            name: a series, as queries name it.
            by: the labels of the result, after an aggregation; all labels of the series when absent.

        Returns:
            None when the contract does not describe the series.
        """
        series = self.series.get(name)
        if series is None:
            return None
        labels = tuple(series.labels if by is None else dict.fromkeys(by))
        product = 1
        for label in labels:
            product *= series.counts.get(label, 1)
        unlimited = [label for label in labels if label not in series.counts]
        return SeriesEstimate(product, tuple(one for one in unlimited if self.has_label(name, one)))

    def _is_added(self, label: str) -> bool:
        return label in TARGET_LABELS or label in self.target_labels or label in ALERT_LABELS


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
        name: _series(family, name, metric)
        for contract in documents
        for family, metric in all_metrics(contract).items()
        for name in series_names(family, metric)
    }
    return SeriesContract(
        series if any(contract.metrics or contract.convention for contract in documents) else {},
        frozenset(recorded),
        PassedOver(pattern for contract in documents for pattern in contract.ignore),
        frozenset(label for contract in documents for label in contract.target_labels),
        _log_labels(documents),
        {name: log_field(written) for contract in documents for name, written in contract.log_fields.items()},
        next((contract.convention for contract in documents if contract.convention), None),
    )


def _series(family: str, name: str, metric: Metric) -> Series:
    labels = labels_of(name, metric)
    counts = {label: _count(values) for label, values in metric.labels.items()}
    if "le" in labels:
        counts.setdefault("le", BUCKETS)
    return Series(
        _type_of(metric.type, name),
        _labels(metric.labels, labels),
        family,
        metric.unit,
        counts,
        metric.deprecated,
    )


def _type_of(family: str, name: str) -> str:
    """The type of one series of a metric: the parts of a histogram only grow, as a counter does."""
    if family == "histogram" or (family == "summary" and name.endswith(("_sum", "_count"))):
        return "counter"
    return family


def _labels(described: Mapping[str, LabelValues], names: Iterable[str]) -> dict[str, Values]:
    return {name: _listed(described[name]) if name in described else None for name in names}


def _log_labels(contracts: Iterable[Metrics]) -> dict[str, Values]:
    """The labels of all log streams: each program's lines add values to labels that they share."""
    labels: dict[str, Values] = {}
    for contract in contracts:
        for label, written in contract.log_labels.items():
            values, others = _listed(written), labels.get(label, frozenset())
            labels[label] = None if values is None or others is None else values | others
    return labels


def _listed(values: LabelValues) -> Values:
    return frozenset(values) if isinstance(values, list) else None


def _count(values: LabelValues) -> int:
    return len(values) if isinstance(values, list) else values.max
