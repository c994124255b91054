"""The bot's metrics: exactly those of the contract in specs/metrics.yaml."""

from collections.abc import Iterable
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from bot.catalog import (
    PAID_TIERS,
    UPGRADES,
    Command,
    ErrorType,
    Model,
    QueryType,
    Rating,
    RetryReason,
    Segment,
    StopReason,
    Tier,
    ToolErrorKind,
)
from bot.tools.box import TOOLS

PREFIX = "dubai_estate"
QUERY_BUCKETS = (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 20, 30, 45, 60, 90, 120)
TOOL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
FIRST_TOKEN_BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30)
SPEED_BUCKETS = (10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 400, 500)
STATUSES = ("success", "error")
DIRECTIONS = ("input", "output")
CACHE_OPERATIONS = ("read", "write")


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
        self.tool_errors = self._counter(
            "tool_errors",
            "Tool calls without a result - refused for what was asked of the tool, "
            "or broken because its data source failed.",
            "tool_name kind",
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
        self.failed_cost = self._counter(
            "failed_cost_usd",
            "US dollars of cost_usd_total that went to questions which failed.",
            "tier model",
        )
        self._declare_model()
        self.feedback = self._counter(
            "feedback", "Votes on answers, one for each question and user.", "rating model"
        )
        self.segment_queries = self._counter(
            "segment_queries", "Questions by the segment of who asked.", "segment query_type"
        )
        self.segment_tools = self._counter(
            "segment_tool_usage", "Tool calls by the segment of who asked.", "segment tool_name"
        )
        self.budget = self._gauge(
            "budget_usd", "US dollars that the model may cost in a day and in a month.", ["period"]
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

    def _declare_model(self) -> None:
        self.cache_tokens = self._counter(
            "cache_tokens",
            "Input tokens read from the prompt cache, or written to it; a part of the input tokens.",
            "operation model",
        )
        self.cache_saved = self._counter(
            "cache_saved_usd",
            "US dollars that reading from the prompt cache saved against the price of plain input.",
            "model",
        )
        self.cache_extra = self._counter(
            "cache_write_extra_usd",
            "US dollars that writing to the prompt cache cost beyond the price of plain input.",
            "model",
        )
        self.first_token = self._histogram(
            "time_to_first_token_seconds",
            "Time from sending a prompt to the first token that streams back, for each model call. "
            "Buckets from 0.1 s to 30 s.",
            "model",
            FIRST_TOKEN_BUCKETS,
        )
        self.speed = self._histogram(
            "output_tokens_per_second",
            "Output tokens by the seconds between the first and the last, for each model call. "
            "Buckets from 10 to 500.",
            "model",
            SPEED_BUCKETS,
        )
        self.retries = self._counter(
            "model_retries",
            "Model calls that were sent again, by why (429, 529, no answer in time, another error).",
            "model reason",
        )
        self.stop_reasons = self._counter(
            "stop_reasons", "Model calls by why the model stopped.", "model stop_reason"
        )

    def set_budgets(self, day: float, month: float) -> None:
        """What the model may cost; no series for a budget of 0, which is none."""
        self.budget.clear()
        for period, usd in (("day", day), ("month", month)):
            if usd:
                self.budget.labels(period).set(usd)

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
        _touch(self.tool_errors, product(TOOLS, ToolErrorKind))
        _touch(self.commands, product(Command))
        _touch(self.cost, product(Tier, Model, QueryType))
        _touch(self.tokens, product(DIRECTIONS, Tier, Model))
        _touch(self.failed_cost, product(Tier, Model))
        _touch(self.cache_tokens, product(CACHE_OPERATIONS, Model))
        _touch(self.cache_saved, product(Model))
        _touch(self.cache_extra, product(Model))
        _touch(self.first_token, product(Model))
        _touch(self.speed, product(Model))
        _touch(self.retries, product(Model, RetryReason))
        _touch(self.stop_reasons, product(Model, StopReason))
        _touch(self.feedback, product(Rating, Model))
        _touch(self.segment_queries, product(Segment, QueryType))
        _touch(self.segment_tools, product(Segment, TOOLS))
        _touch(self.upgrades, UPGRADES)
        _touch(self.cancellations, product(PAID_TIERS))


def _touch(metric: Counter | Histogram, combinations: Iterable[tuple[str, ...]]) -> None:
    for values in combinations:
        metric.labels(*values)
