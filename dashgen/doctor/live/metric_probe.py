"""Short queries of a Prometheus, remembered and bounded in number."""

from typing import Final

from dashgen.servers.telemetry import Prometheus, QueryRefusedError, ServiceError

_MOST_PROBES: Final = 400
_MOST_FAILURES: Final = 3
_LOOK_BACK: Final = 7 * 86_400
_UNKNOWN: Final = 1


class PrometheusProbe:
    """Queries a Prometheus about one moment.

    Args:
        server: the Prometheus.
        at: the moment, in seconds since 1970.
    """

    def __init__(self, server: Prometheus, at: float) -> None:
        self._server = server
        self._at = at
        self._counts: dict[str, int] = {}
        self._answered = False
        self._failures = 0
        self._names: tuple[str, ...] | None = None
        self._failing: tuple[tuple[str, str], ...] | None = None

    @property
    def has_answers(self) -> bool:
        """Whether any query was answered."""
        return self._answered

    def count(self, expr: str) -> int:
        """How many series an expression yields."""
        if expr not in self._counts:
            if len(self._counts) >= _MOST_PROBES or self._failures >= _MOST_FAILURES:
                return _UNKNOWN
            self._counts[expr] = self._counted(expr)
        return self._counts[expr]

    def label_values(self, label: str, selector: str) -> tuple[str, ...]:
        """The values of a label among the series of a selector, over the last days."""
        match = [selector] if selector else []
        start = self._at - _LOOK_BACK
        try:
            return self._server.label_values(label, match, start=start, end=self._at)
        except ServiceError:
            return ()

    def metric_names(self) -> tuple[str, ...]:
        """The names of all metrics of the last days."""
        if self._names is None:
            self._names = self.label_values("__name__", "")
        return self._names

    def last_seen(self, selector: str) -> float | None:
        """How many seconds ago a selector last had a value, to ten minutes.

        Nothing when not in the last week.
        """
        expr = f"max(max_over_time(timestamp({selector})[7d:10m]))"
        try:
            answer = self._server.query(expr, at=self._at)
        except ServiceError:
            return None
        return max(0.0, self._at - answer.series[0].points[0][1]) if answer.series else None

    def failing_targets(self, selector: str) -> tuple[str, ...]:
        """The targets that are down, of the jobs that had the selector's series or of all jobs."""
        if self._failing is None:
            self._failing = self._failing_by_job()
        jobs = set(self.label_values("job", selector))
        return tuple(reason for job, reason in self._failing if not jobs or job in jobs)

    def _failing_by_job(self) -> tuple[tuple[str, str], ...]:
        try:
            targets = self._server.targets()
        except ServiceError:
            return ()
        return tuple(
            (target.job, f"the target {target.url} of the job `{target.job}` is down: {target.error}")
            for target in targets
            if target.health == "down"
        )

    def _counted(self, expr: str) -> int:
        try:
            answer = self._server.query(f"count({expr})", at=self._at)
        except QueryRefusedError:
            # Its own limits, such as too many samples, say nothing about the server's health.
            return _UNKNOWN
        except ServiceError:
            self._failures += 1
            return _UNKNOWN
        self._answered = True
        return int(answer.series[0].points[0][1]) if answer.series else 0
