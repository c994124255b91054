"""The lines of tests in a running Loki, which computes the queries over them."""

import secrets
import time
from collections.abc import Sequence
from typing import Final

from dashgen.evaluate.logql.log_lines import LogEntry
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    LabelKey,
    Labels,
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
)
from dashgen.query.logql import nodes, parse_logql, walk
from dashgen.servers.http import QueryRefusedError
from dashgen.servers.telemetry import Loki
from dashgen.servers.telemetry.results import Result

TEST_LABEL: Final = "dashgen_test"
"""The label that tells the lines of one test from all others."""
LONGEST: Final = 2 * 3_600_000
"""The milliseconds that a test may look at: Loki asks its ingesters for lines of the last hours only.

Source: ``query_ingesters_within`` of Loki 3.7, three hours by default.
"""


class LokiLines:
    """The lines of one test in a Loki, at real times that end now.

    Args:
        client: the Loki.
        entries: the lines.
        last: the milliseconds of the last evaluation.
        step: the milliseconds between two evaluations.

    Raises:
        ServiceError: Loki does not take the lines.
    """

    def __init__(self, client: Loki, entries: Sequence[LogEntry], last: int, step: int) -> None:
        self._client = client
        self._last = last
        self._step = step
        self._mark = secrets.token_hex(8)
        # Whole steps, at which a range query has its points.
        seconds = step / 1000
        self._start = (time.time() - last / 1000) // seconds * seconds
        self._values: dict[str, dict[int, Vector]] = {}
        streams: dict[LabelKey, tuple[Labels, list[tuple[float, str]]]] = {}
        for entry in sorted(entries, key=lambda entry: entry.at):
            labels = {**entry.stream, TEST_LABEL: self._mark}
            lines = streams.setdefault(label_key(labels), (labels, []))[1]
            # Loki keeps one of two equal lines at one time.
            lines.append((self._start + entry.at / 1000, entry.line))
        if streams:
            client.push(list(streams.values()))

    def vector(self, query: str, at: int) -> Vector:
        """The series that a metric query gives at a time in milliseconds after the start of the test.

        Raises:
            EvaluationFailedError: Loki refuses the query on these lines.
            UnsupportedError: the query is none.
            ServiceError: Loki does not answer.
        """
        marked = marked_query(query, self._mark)
        try:
            if at % self._step or at > self._last:
                result = self._client.query(marked, at=self._start + at / 1000)
                return self._samples(result).get(at, [])
            if marked not in self._values:
                end = self._start + self._last / 1000
                self._values[marked] = self._samples(
                    self._client.query_range(marked, start=self._start, end=end, step=self._step / 1000)
                )
        except QueryRefusedError as error:
            raise EvaluationFailedError(error.message) from None
        return self._values[marked].get(at, [])

    def _samples(self, result: Result) -> dict[int, Vector]:
        vectors: dict[int, Vector] = {}
        for series in result.series:
            labels = {name: value for name, value in series.labels.items() if name != TEST_LABEL}
            for moment, value in series.points:
                at = round((moment - self._start) * 1000)
                vectors.setdefault(at, []).append(VectorSample(labels, value))
        return vectors


def marked_query(query: str, mark: str) -> str:
    """A query that reads only streams with the label of a test.

    Raises:
        UnsupportedError: the query does not parse.
    """
    tree = parse_logql(query).tree
    if tree is None:
        raise UnsupportedError(f"the query `{query}`")
    selectors = [node for node in walk(tree) if isinstance(node, nodes.Selector)]
    for selector in sorted(selectors, key=lambda node: -node.start):
        comma = ", " if selector.matchers else ""
        after = selector.start + 1
        query = f'{query[:after]}{TEST_LABEL}="{mark}"{comma}{query[after:]}'
    return query
