"""Write down what happened: in metrics and in log lines, with the same words."""

import logging
from dataclasses import dataclass, field

from opentelemetry import trace

from bot.catalog import ErrorType, Model, Price, QueryType, Tier
from bot.logs import EventLog, Fields, stack_of
from bot.metrics import Metrics
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
    input_tokens: int = 0
    output_tokens: int = 0
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

    def __init__(self, metrics: Metrics, log: EventLog, prices: dict[Model, Price]) -> None:
        self._metrics = metrics
        self._log = log
        self._prices = prices

    def cost(self, outcome: Outcome) -> float:
        """US dollars that a query has cost."""
        return self._prices[outcome.model].cost(outcome.input_tokens, outcome.output_tokens)

    def query(self, outcome: Outcome) -> None:
        """A query that is over."""
        metrics, labels = self._metrics, (outcome.tier, outcome.model)
        mark = exemplar(trace.get_current_span())
        cost = self.cost(outcome)
        metrics.queries.labels(outcome.status, *labels, outcome.query_type).inc(exemplar=mark)
        if outcome.error_type is not ErrorType.INVALID_REQUEST:  # nothing was waited for
            metrics.query_duration.labels(*labels).observe(outcome.duration, exemplar=mark)
        if outcome.error_type:
            metrics.query_errors.labels(outcome.error_type).inc(exemplar=mark)
        if cost:
            metrics.cost.labels(*labels, outcome.query_type).inc(cost, exemplar=mark)
        for direction, tokens in (("input", outcome.input_tokens), ("output", outcome.output_tokens)):
            if tokens:
                metrics.tokens.labels(direction, *labels).inc(tokens)
        self._log_query(outcome, cost)

    def _log_query(self, outcome: Outcome, cost: float) -> None:
        fields = _who(outcome.user, outcome.tier)
        fields |= Fields(
            query=outcome.text,
            query_type=outcome.query_type,
            model=outcome.model,
            status=outcome.status,
            cost=round(cost, 6),
            tokens=outcome.input_tokens + outcome.output_tokens,
            duration=round(outcome.duration, 3),
        )
        if outcome.tools:
            fields["tool"] = ",".join(outcome.tools)
        if outcome.error_type:
            fields["error_type"] = outcome.error_type
        if outcome.cause is not None:
            fields["stack"] = stack_of(outcome.cause)
        message = f"query failed: {outcome.error}" if outcome.error_type else "query answered"
        self._log.write("query", message, logging.ERROR if outcome.error_type else logging.INFO, **fields)

    def tool(self, name: str, seconds: float) -> None:
        """A call of a tool, whatever came of it."""
        mark = exemplar(trace.get_current_span())
        self._metrics.tool_usage.labels(name).inc(exemplar=mark)
        self._metrics.tool_duration.labels(name).observe(seconds, exemplar=mark)

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


def _trace() -> Fields:
    span = trace.get_current_span()
    return Fields(trace_id=trace_id(span)) if span.get_span_context().is_valid else Fields()
