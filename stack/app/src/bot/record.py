"""Write down what happened: in metrics and in log lines, with the same words."""

import logging
from dataclasses import dataclass, field

from opentelemetry import trace

from bot.catalog import (
    ErrorType,
    Model,
    Price,
    QueryType,
    Rating,
    Segment,
    StopReason,
    Tier,
    ToolErrorKind,
    Usage,
)
from bot.exposures import Assignment
from bot.gauges import RateLimitGauge
from bot.logs import EventLog, Fields, stack_of
from bot.metrics import Metrics
from bot.model.base import CallMeter
from bot.tracing import exemplar, trace_id
from bot.users import User


@dataclass(kw_only=True)
class Outcome:
    """One query, from its question to its end; grows while it is answered."""

    user: User | None
    tier: Tier
    model: Model
    text: str
    query_type: QueryType
    answer: str = ""
    tools: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    retries: int = 0
    first_token: float | None = None
    stop_reason: StopReason | None = None
    query_id: str = ""
    duration: float = 0.0
    error_type: ErrorType | None = None
    error: str = ""
    cause: BaseException | None = None

    @property
    def status(self) -> str:
        """`success` or `error`."""
        return "error" if self.error_type else "success"

    def fail(self, error_type: ErrorType, message: str, cause: BaseException | None = None) -> None:
        """Note why there is no answer."""
        self.error_type, self.error, self.cause = error_type, message, cause


class Recorder:
    """Metrics and log lines of what users do."""

    def __init__(
        self, metrics: Metrics, log: EventLog, prices: dict[Model, Price], limits: RateLimitGauge
    ) -> None:
        self._metrics = metrics
        self._limits = limits
        self._log = log
        self._prices = prices

    def cost(self, outcome: Outcome) -> float:
        """US dollars that a query has cost."""
        return self._prices[outcome.model].cost(outcome.usage)

    def call(self, outcome: Outcome, meter: CallMeter) -> None:
        """A call of the model for a query, whatever came of it; what it used is added to the query's."""
        metrics, model = self._metrics, outcome.model
        outcome.usage += meter.usage
        outcome.retries += len(meter.retries)
        for reason in meter.retries:
            metrics.retries.labels(model, reason).inc()
        for limit, headroom in meter.headroom.items():
            self._limits.note(model, limit, headroom)
        if meter.stop_reason is None:  # it failed
            return
        mark = exemplar(trace.get_current_span())
        outcome.stop_reason, outcome.first_token = meter.stop_reason, meter.first_token_seconds
        metrics.stop_reasons.labels(model, meter.stop_reason).inc()
        if meter.first_token_seconds is not None:
            metrics.first_token.labels(model).observe(meter.first_token_seconds, exemplar=mark)
        if meter.tokens_per_second is not None:
            metrics.speed.labels(model).observe(meter.tokens_per_second, exemplar=mark)

    def query(self, outcome: Outcome) -> None:
        """A query that is over."""
        metrics, labels = self._metrics, (outcome.tier, outcome.model)
        mark = exemplar(trace.get_current_span())
        metrics.queries.labels(outcome.status, *labels, outcome.query_type).inc(exemplar=mark)
        if outcome.user is not None:
            metrics.segment_queries.labels(outcome.user.segment, outcome.query_type).inc()
        if outcome.error_type is not ErrorType.INVALID_REQUEST:  # nothing was waited for
            metrics.query_duration.labels(*labels).observe(outcome.duration, exemplar=mark)
        if outcome.error_type:
            metrics.query_errors.labels(outcome.error_type).inc(exemplar=mark)
        self._count_usage(outcome, mark)
        self._log_query(outcome, self.cost(outcome))

    def _count_usage(self, outcome: Outcome, mark: dict[str, str] | None) -> None:
        metrics, usage, cost = self._metrics, outcome.usage, self.cost(outcome)
        labels = (outcome.tier, outcome.model)
        if cost:
            metrics.cost.labels(*labels, outcome.query_type).inc(cost, exemplar=mark)
        if cost and outcome.error_type:
            metrics.failed_cost.labels(*labels).inc(cost)
        for direction, tokens in (("input", usage.input_tokens), ("output", usage.output_tokens)):
            if tokens:
                metrics.tokens.labels(direction, *labels).inc(tokens)
        price = self._prices[outcome.model]
        metrics.cache_tokens.labels("read", outcome.model).inc(usage.cache_read_tokens)
        metrics.cache_tokens.labels("write", outcome.model).inc(usage.cache_write_tokens)
        metrics.cache_saved.labels(outcome.model).inc(price.cache_saving(usage))
        metrics.cache_extra.labels(outcome.model).inc(price.cache_extra(usage))

    def _log_query(self, outcome: Outcome, cost: float) -> None:
        fields = _who(outcome.user, outcome.tier)
        fields |= Fields(
            query=outcome.text,
            query_type=outcome.query_type,
            model=outcome.model,
            status=outcome.status,
            cost=round(cost, 6),
            tokens=outcome.usage.total_tokens,
            cache_read_tokens=outcome.usage.cache_read_tokens,
            cache_write_tokens=outcome.usage.cache_write_tokens,
            retries=outcome.retries,
            duration=round(outcome.duration, 3),
        )
        fields |= _known(outcome)
        if outcome.error_type:
            fields["error_type"] = outcome.error_type
        if outcome.cause is not None:
            fields["stack"] = stack_of(outcome.cause)
        message = f"query failed: {outcome.error}" if outcome.error_type else "query answered"
        self._log.write("query", message, logging.ERROR if outcome.error_type else logging.INFO, **fields)

    def tool(
        self, name: str, seconds: float, segment: Segment | None, error: ToolErrorKind | None = None
    ) -> None:
        """A call of a tool for somebody of a segment, whatever came of it."""
        mark = exemplar(trace.get_current_span())
        self._metrics.tool_usage.labels(name).inc(exemplar=mark)
        self._metrics.tool_duration.labels(name).observe(seconds, exemplar=mark)
        if segment is not None:
            self._metrics.segment_tools.labels(segment, name).inc()
        if error is not None:
            self._metrics.tool_errors.labels(name, error).inc(exemplar=mark)

    def feedback(self, user: User, model: Model, query_id: str, rating: Rating) -> None:
        """A vote on an answer."""
        self._metrics.feedback.labels(rating, model).inc()
        fields = _who(user, user.tier)
        fields |= Fields(model=model, query_id=query_id, rating=rating)
        self._log.write("feedback", f"thumbs {rating}", **fields)

    def exposed(self, user: User, assignments: list[Assignment]) -> None:
        """A user who sees variants of experiments for the first time."""
        self._log_assignments("exposure", "sees", user, assignments)

    def converted(self, user: User, assignments: list[Assignment]) -> None:
        """A user who reached the goals of experiments."""
        self._log_assignments("conversion", "reached the goal with", user, assignments)

    def _log_assignments(self, event: str, what: str, user: User, assignments: list[Assignment]) -> None:
        for experiment, variant in assignments:
            fields = _who(user, user.tier)
            fields |= Fields(experiment=experiment, variant=variant)
            self._log.write(event, f"{what} {experiment} {variant}", **fields)

    def limit_hit(self, user: User, why: str) -> None:
        """A question that the user's tier does not allow any more."""
        self._metrics.limit_hits.labels(user.tier).inc()
        self._log.write("limit_hit", f"question refused: {why}", logging.WARNING, **_who(user, user.tier))

    def command(self, user: User, name: str) -> None:
        """A command."""
        self._metrics.commands.labels(name).inc()
        fields = _who(user, user.tier)
        fields["command"] = name
        self._log.write("command", f"command /{name}", **fields)

    def signup(self, user: User) -> None:
        """A new user."""
        self._metrics.signups.inc()
        self._log.write("signup", f"new user in {user.tier}", **_who(user, user.tier))

    def upgrade(self, user: User, before: Tier) -> None:
        """A user who pays more."""
        self._metrics.upgrades.labels(before, user.tier).inc()
        self._log.write("upgrade", f"upgraded from {before} to {user.tier}", **_who(user, user.tier))

    def cancel(self, user: User, before: Tier) -> None:
        """A user who pays no longer."""
        self._metrics.cancellations.labels(before).inc()
        self._log.write("cancel", f"cancelled {before}", **_who(user, before))

    def exception(self, error: BaseException, message: str) -> None:
        """Something unexpected outside a query."""
        fields = _trace()
        fields["stack"] = stack_of(error)
        self._log.write("exception", message, logging.ERROR, **fields)


def _who(user: User | None, tier: Tier) -> Fields:
    fields = Fields(tier=tier, **_trace())
    if user is not None:
        fields["user_id"] = str(user.user_id)
    return fields


def _known(outcome: Outcome) -> Fields:
    """What only some queries have."""
    fields = Fields()
    if outcome.user is not None:
        fields["segment"] = outcome.user.segment
    if outcome.query_id:
        fields["query_id"] = outcome.query_id
    if outcome.tools:
        fields["tool"] = ",".join(outcome.tools)
    if outcome.stop_reason is not None:
        fields["stop_reason"] = outcome.stop_reason
    if outcome.first_token is not None:
        fields["first_token"] = round(outcome.first_token, 3)
    return fields


def _trace() -> Fields:
    span = trace.get_current_span()
    return Fields(trace_id=trace_id(span)) if span.get_span_context().is_valid else Fields()
