"""What one model came to in one night: figures to export, or the reason why there are none."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Model(StrEnum):
    """The models that are trained each night."""

    CHURN = "churn"
    COST = "cost"
    QUERIES = "queries"


class Reason(StrEnum):
    """The state that a model is in; in all but `ok` it exports no prediction."""

    OK = "ok"
    STARTING = "starting"
    NO_DATABASE = "no_database"
    HISTORY_TOO_SHORT = "history_too_short"
    TOO_FEW_USERS = "too_few_users"
    TOO_FEW_CHURNERS = "too_few_churners"
    TOO_LITTLE_TRAFFIC = "too_little_traffic"
    FAILED = "failed"


class Figure(NamedTuple):
    """One sample to export; the name is without the prefix that all metrics share."""

    name: str
    labels: Mapping[str, str]
    value: float


class UserAtRisk(NamedTuple):
    """Somebody who may leave, for a log line."""

    user_id: int
    tier: str
    risk: str
    probability: float


class Outcome(NamedTuple):
    """The end of one model's run.

    Attributes:
        reason: `ok`, or why there is no prediction.
        detail: the same as a sentence, for the log.
        figures: what is exported; empty unless the reason is `ok`.
        at_risk: the users to log, most probable first; only the churn model has any.
    """

    reason: Reason
    detail: str
    figures: tuple[Figure, ...] = ()
    at_risk: tuple[UserAtRisk, ...] = ()


class NoPredictionError(Exception):
    """There is too little to learn from."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def quality(model: Model, measures: Mapping[str, float]) -> tuple[Figure, ...]:
    """The measures of a model's quality as figures."""
    return tuple(
        Figure("insights_quality", {"model": model, "measure": name}, value)
        for name, value in measures.items()
    )


def verdict(
    model: Model, *, better: bool, training_rows: int, tested_rows: int, tested_days: int
) -> tuple[Figure, ...]:
    """Whether a model is better than its naive rival, and on how much data that was judged."""
    labels = {"model": str(model)}
    return (
        Figure("insights_better_than_naive", labels, float(better)),
        Figure("insights_training_rows", labels, float(training_rows)),
        Figure("insights_tested_rows", labels, float(tested_rows)),
        Figure("insights_tested_days", labels, float(tested_days)),
    )
