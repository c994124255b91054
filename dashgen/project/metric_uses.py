"""Metrics of the contract that nothing reads, and what is read without being in the contract."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from dashgen.compile.compile_context import described_series
from dashgen.compile.settle.query_text import unknown_metric
from dashgen.core.diagnostics import Diagnostic, Severity, arrange
from dashgen.core.json_values import walk
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metrics, series_names
from dashgen.model.series_contract import SeriesContract
from dashgen.project.inspection import Inspection
from dashgen.project.placed_queries import RECORDING, PlacedQuery, SeriesIndex, placed_queries

_WORD = lazy_pattern(r"[A-Za-z_:][A-Za-z0-9_:]*")


class _Readers:
    """The queries of a project, by whether what they yield is seen by somebody."""

    def __init__(self, queries: Sequence[PlacedQuery], raw_words: Collection[str]) -> None:
        self._index = SeriesIndex(queries)
        self._raw_words = raw_words
        self.unused_records = self._unused_records(
            {query.asker.name for query in queries if query.asker.kind == RECORDING}
        )

    def is_read(self, names: Iterable[str]) -> bool:
        """Whether a panel or an alert reads one of some series, as it is or by a recording rule."""
        return any(
            name in self._raw_words or any(record not in self.unused_records for record in self._askers(name))
            for name in names
        )

    def records(self, names: Iterable[str]) -> list[str]:
        """The recording rules that read one of some series."""
        return [record for name in names for record in self._askers(name) if record]

    def _unused_records(self, unused: set[str]) -> frozenset[str]:
        """The recording rules that nothing reads, or only other such rules."""
        while read := {name for name in unused if self._is_needed(name, unused)}:
            unused = unused - read
        return frozenset(unused)

    def _is_needed(self, name: str, unused: Collection[str]) -> bool:
        return name in self._raw_words or any(record not in unused for record in self._askers(name))

    def _askers(self, name: str) -> list[str]:
        """What reads a series: the names of recording rules, and the empty text for everything else."""
        askers = [use.query.asker for use in self._index.uses(name)]
        return [asker.name if asker.kind == RECORDING else "" for asker in askers]


def unused_metrics(inspection: Inspection) -> list[Diagnostic]:
    """The metrics of the contract that are neither charted nor alerted on, and the other way round.

    What only `metrics unused` says of the other direction are queries that a build does not check, such as
    those that spans lead to.

    Args:
        inspection: the project.
    """
    queries = list(placed_queries(inspection))
    readers = _Readers(queries, frozenset(_raw_words(inspection)))
    findings = [
        finding for document in inspection.documents.of("Metrics") for finding in _unused(document, readers)
    ]
    contract = described_series(inspection.documents)
    if contract is not None and contract.series:
        findings += _undeclared([one for one in queries if one.asker.kind == "datasource"], contract)
    return arrange(findings)


def _unused(document: SpecDocument[Metrics], readers: _Readers) -> Iterator[Diagnostic]:
    for name, metric in document.model.metrics.items():
        names = dict.fromkeys((name, *series_names(name, metric)))
        # What goes away should not be read by anything.
        if metric.deprecated is not None or readers.is_read(names):
            continue
        message = f"no panel and no alert reads `{name}`"
        if records := readers.records(names):
            message += f", only the recording rule `{records[0]}`, which nothing reads"
        hint = "chart it, alert on it, or remove it from the contract"
        yield document.resolved.diagnostic(
            "contract/unused", message, ("metrics", name), hint, key=True, severity=Severity.WARNING
        )


def _undeclared(queries: Iterable[PlacedQuery], contract: SeriesContract) -> Iterator[Diagnostic]:
    for query in queries:
        for use in query.facts.metrics if query.facts is not None else ():
            if use.is_literal and not contract.knows(use.name):
                message, hint = unknown_metric(use.name, contract)
                location = query.location(use.offset)
                yield Diagnostic("query/metric", message, location, hint, Severity.WARNING)


def _raw_words(inspection: Inspection) -> Iterator[str]:
    """The words in what is written for Grafana itself, where queries are not taken apart."""
    resolved = [one.resolved for one in inspection.dashboards]
    resolved += [document.resolved for document in inspection.documents.of("AlertRules")]
    for document in resolved:
        for path, value in walk(document.data):
            if isinstance(value, str) and "raw" in path:
                yield from _WORD.findall(value)
