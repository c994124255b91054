"""The metrics and labels of queries against those that a running Prometheus has."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Severity, arrange, nearest
from dashgen.model.known_series import OF_PROMETHEUS
from dashgen.project.placed_queries import PlacedQuery
from dashgen.query import ParsedQuery
from dashgen.query.promql.label_uses import label_uses
from dashgen.servers.telemetry import Prometheus, ServiceError

WINDOW: Final = 86_400.0
"""Seconds: what was seen in the last day is there, though a job that writes it may run once a day."""
# Queries with these functions are about series that may be missing.
_ABSENCE: Final = frozenset({"absent", "absent_over_time"})
# What these functions yield has labels that are on no series.
_NEW_LABELS: Final = frozenset({"label_replace", "label_join", "count_values", "info"})


class LiveNames(Struct, frozen=True):
    """What a Prometheus has: the names of its series and labels, and the types of all exported metrics."""

    metrics: frozenset[str]
    labels: frozenset[str]
    types: Mapping[str, str] = {}

    def is_exported(self, name: str) -> bool:
        """Whether an application exports a metric, perhaps without any series yet."""
        families = (name, *(name.removesuffix(end) for end in ("_bucket", "_sum", "_count", "_total")))
        return any(family in self.types for family in families)


def live_names(server: Prometheus, now: float) -> LiveNames:
    """The names that a Prometheus has had in the last day.

    Args:
        server: the Prometheus.
        now: the present moment, in seconds since 1970.

    Raises:
        ServiceError: there is no answer.
    """
    metrics = server.label_values("__name__", start=now - WINDOW, end=now)
    labels = server.label_names(start=now - WINDOW, end=now)
    types: Mapping[str, str] = {}
    # Servers that only speak Prometheus' language may have no metadata.
    with suppress(ServiceError):
        types = server.metric_types()
    return LiveNames(frozenset(metrics), frozenset(labels), types)


def unknown_names(
    queries: Iterable[PlacedQuery], live: LiveNames, recorded: Collection[str] = ()
) -> list[Diagnostic]:
    """The metrics and labels of queries that a Prometheus does not have, each at its character.

    Args:
        queries: the queries; those in other languages than PromQL are passed over.
        live: what the Prometheus has.
        recorded: the series that recording rules write, which may not be loaded yet.
    """
    return arrange(
        finding
        for query in queries
        if query.language == "prometheus" and (facts := query.facts) is not None
        for finding in (*_metrics(query, facts, live, recorded), *_labels(query, facts, live))
    )


def _metrics(
    query: PlacedQuery, facts: ParsedQuery, live: LiveNames, recorded: Collection[str]
) -> Iterator[Diagnostic]:
    passed_over = {*OF_PROMETHEUS, *recorded}
    for use in facts.metrics:
        if not use.is_literal or use.name in live.metrics or use.name in passed_over:
            continue
        location = query.location(use.offset)
        if live.is_exported(use.name) or not facts.functions.isdisjoint(_ABSENCE):
            message = f"`{use.name}` has had no series for a day"
            yield Diagnostic("live/no-series", message, location, severity=Severity.INFO)
            continue
        message = f"Prometheus has had no metric `{use.name}` for a day"
        hint = _close(use.name, live.metrics)
        yield Diagnostic("live/metric", message, location, hint, Severity.WARNING)


def _labels(query: PlacedQuery, facts: ParsedQuery, live: LiveNames) -> Iterator[Diagnostic]:
    uses = label_uses(query.text)
    offsets = [(match.label, match.offset) for _, match in uses.matches]
    if facts.functions.isdisjoint(_NEW_LABELS):
        offsets += uses.clauses
    wrong = [(label, query.location(offset)) for label, offset in offsets if _is_unknown(label, live)]
    if query.label and _is_unknown(query.label, live):
        at = query.place.character(query.keys, query.label_start, query.written)
        wrong.append((query.label, at))
    for label, location in wrong:
        message = f"no series of Prometheus has had a label `{label}` for a day"
        yield Diagnostic("live/label", message, location, _close(label, live.labels), Severity.WARNING)


def _is_unknown(label: str, live: LiveNames) -> bool:
    return label not in live.labels and label != "__name__" and "$" not in label and "[[" not in label


def _close(name: str, names: Collection[str]) -> str:
    """A hint when a name is a misspelt one; the names of a server are too many to list."""
    hint = nearest(name, names)
    return hint if hint.startswith("did you mean") else "it was renamed, or nothing exports it any more"
