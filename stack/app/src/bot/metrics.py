"""The bot's metrics: exactly those of the contract in specs/metrics.yaml."""

from collections.abc import Iterable
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from bot.catalog import PAID_TIERS, UPGRADES, Command, ErrorType, Model, QueryType, Tier
from bot.tools.box import TOOLS

PREFIX = "dubai_estate"
QUERY_BUCKETS = (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 20, 30, 45, 60, 90, 120)
TOOL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
STATUSES = ("success", "error")
DIRECTIONS = ("input", "output")


class Metrics:
    """Counters and histograms, with every combination of labels there from the start."""

    def __init__(self, version: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._info = self._gauge("app_info", "Always 1; its label tells the running version.", ["version"])
        self.queries = self._counter(
            "queries", "Questions answered, or failed, by kind of question.", "status tier model query_type"
        )
        self.query_duration = self._histogram(
            "query_duration_seconds",
            "Time from a question to its answer. Buckets from 0.5 s to 120 s, with bounds at 8, 15 and 30 s.",
            "tier model",
            QUERY_BUCKETS,
        )
        self.query_errors = self._counter(
            "query_errors", "Failed questions by what went wrong.", "error_type"
        )
        self.limit_hits = self._counter(
            "query_limit_hits", "Questions refused because the user's tier allows no more.", "tier"
        )
        self.tool_usage = self._counter("tool_usage", "Calls of a tool while answering.", "tool_name")
        self.tool_duration = self._histogram(
            "tool_duration_seconds",
            "Time that one call of a tool takes. Buckets from 0.05 s to 60 s.",
            "tool_name",
            TOOL_BUCKETS,
        )
        self.commands = self._counter(
            "command_usage", "Commands that users sent, such as /search.", "command"
        )
        self.cost = self._counter("cost_usd", "US dollars paid for model calls.", "tier model query_type")
        self.tokens = self._counter(
            "tokens",
            "Tokens sent to the model (input) and received from it (output).",
            "direction tier model",
        )
        self.signups = self._counter("signups", "New users.", "")
        self.upgrades = self._counter(
            "subscription_upgrades", "Changes to a higher tier.", "from_tier to_tier"
        )
        self.cancellations = self._counter(
            "subscription_cancellations", "Paid subscriptions that ended, by the tier that was left.", "tier"
        )
        self._info.labels(version).set(1)
        self._start_at_zero()

    def _counter(self, name: str, text: str, labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", text, labels.split(), registry=self.registry)

    def _gauge(self, name: str, text: str, labels: list[str]) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, labels: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"{PREFIX}_{name}", text, labels.split(), buckets=buckets, registry=self.registry)

    def _start_at_zero(self) -> None:
        """`increase` cannot see a series' first value, so each series begins with a 0."""
        _touch(self.queries, product(STATUSES, Tier, Model, QueryType))
        _touch(self.query_duration, product(Tier, Model))
        _touch(self.query_errors, product(ErrorType))
        _touch(self.limit_hits, product(Tier))
        _touch(self.tool_usage, product(TOOLS))
        _touch(self.tool_duration, product(TOOLS))
        _touch(self.commands, product(Command))
        _touch(self.cost, product(Tier, Model, QueryType))
        _touch(self.tokens, product(DIRECTIONS, Tier, Model))
        _touch(self.upgrades, UPGRADES)
        _touch(self.cancellations, product(PAID_TIERS))


def _touch(metric: Counter | Histogram, combinations: Iterable[tuple[str, ...]]) -> None:
    for values in combinations:
        metric.labels(*values)
