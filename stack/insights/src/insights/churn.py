"""Who may leave: a classifier that is trained on past months and tested on the last one."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from insights.comparison import calibration_error, is_surely_smaller
from insights.database import BotData, Floats
from insights.features import DORMANT, HORIZON, LOOKBACK, Snapshot, churned, snapshot
from insights.outcome import (
    Figure,
    Model,
    NoPredictionError,
    Outcome,
    Reason,
    UserAtRisk,
    quality,
    verdict,
)

LEAST_DAYS: Final = LOOKBACK + 2 * HORIZON
"""Days of history: features before a training month, that month, and the month that is held back."""
RISKS: Final = {"low": 0.0, "medium": 0.2, "high": 0.5}
"""Risk bands by the least probability that belongs to each."""

_BETWEEN_CUTOFFS: Final = 7
_MOST_CUTOFFS: Final = 26
_LEAST_USERS: Final = 50
_LEAST_OF_EACH: Final = 10
_FOLDS: Final = 5
_RECENCY_BANDS: Final = (1.5, 3.5, 6.5, DORMANT + 0.5)


class Examples(NamedTuple):
    """Users at several cut-offs, with what became of them; one row for each user and cut-off."""

    values: Floats
    labels: Floats
    users: Floats
    recency: Floats


class Classifier(Protocol):
    """What is used of a classifier of scikit-learn, which has no types."""

    def predict_proba(self, values: Floats, /) -> Floats:
        """The probabilities of staying and of churning, a row for each user."""
        ...


def predict_churn(data: BotData, today: int, seed: int) -> Outcome:
    """The users at risk today, after a test on the last 30 days.

    The test's model learns from cut-offs whose 30 days were over before the held-out month began. The model that is
    exported then learns from everything whose 30 days are over.

    Args:
        data: the bot's database.
        today: days since 1970; the day itself is not over and not looked at.
        seed: of the resampling and the folds.

    Raises:
        NoPredictionError: there is too little to learn from, or to test with.
    """
    first = data.first_day()
    days = 0 if first is None else today - first
    if first is None or days < LEAST_DAYS:
        detail = f"{days} days of users' history, and {LEAST_DAYS} are needed to test on a month held back"
        raise NoPredictionError(Reason.HISTORY_TOO_SHORT, detail)
    held_out = today - HORIZON
    train = examples_at(data, cutoffs(first, held_out - HORIZON))
    test = examples_at(data, [held_out])
    _require(train, "past months")
    _require(test, "the last month")
    tested = _fit(train, seed)
    measures, better = _test(tested.predict_proba(test.values)[:, 1], train, test, seed)
    history = examples_at(data, cutoffs(first, held_out))
    now = snapshot(data, today)
    if not len(now.users):
        raise NoPredictionError(Reason.TOO_FEW_USERS, "nobody did anything in the last 14 days")
    probabilities = _fit(history, seed).predict_proba(now.values)[:, 1]
    figures = (
        *_counts(data, now, probabilities),
        *quality(Model.CHURN, measures),
        *verdict(
            Model.CHURN,
            better=better,
            training_rows=len(history.labels),
            tested_rows=len(test.labels),
            tested_days=HORIZON,
        ),
    )
    detail = f"trained on {len(history.labels)} rows, tested on {len(test.labels)} users, AUC {measures['auc']:.2f}"
    return Outcome(Reason.OK, detail, figures, _at_risk(data, now, probabilities))


def cutoffs(first: int, last: int) -> list[int]:
    """Weekly cut-offs of half a year up to a last one, each with enough days before it; all on one day of the week."""
    return list(range(last, first + LOOKBACK - 1, -_BETWEEN_CUTOFFS))[:_MOST_CUTOFFS][::-1]


def examples_at(data: BotData, days: Sequence[int]) -> Examples:
    """The users at risk at some cut-offs."""
    snapshots = [snapshot(data, day) for day in days]
    return Examples(
        np.concatenate([earlier.values for earlier in snapshots]),
        np.concatenate([churned(data, earlier).astype(np.float64) for earlier in snapshots]),
        np.concatenate([earlier.users.astype(np.float64) for earlier in snapshots]),
        np.concatenate([earlier.recency() for earlier in snapshots]),
    )


def risk_of(probability: float) -> str:
    """The risk band of a probability."""
    return next(name for name, least in reversed(RISKS.items()) if probability >= least)


def naive_probabilities(train: Examples, recency: Floats) -> Floats:
    """The rival: the share that churned among training users who were last here about as long ago."""
    bands = np.digitize(train.recency, _RECENCY_BANDS)
    overall = float(train.labels.mean())
    shares = np.array(
        [
            train.labels[bands == band].mean() if (bands == band).any() else overall
            for band in range(len(_RECENCY_BANDS) + 1)
        ]
    )
    chosen: Floats = shares[np.digitize(recency, _RECENCY_BANDS)]
    return chosen


def _require(examples: Examples, period: str) -> None:
    rows, churners = len(examples.labels), int(examples.labels.sum())
    if rows < _LEAST_USERS:
        raise NoPredictionError(
            Reason.TOO_FEW_USERS, f"{rows} active or paying users in {period}, and {_LEAST_USERS} are needed"
        )
    if min(churners, rows - churners) < _LEAST_OF_EACH:
        detail = f"{churners} of {rows} users churned in {period}; {_LEAST_OF_EACH} who do and who do not are needed"
        raise NoPredictionError(Reason.TOO_FEW_CHURNERS, detail)


def _fit(examples: Examples, seed: int) -> Classifier:
    """A classifier whose probabilities are calibrated on folds that share no user."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    splits = list(folds.split(examples.values, examples.labels, examples.users))
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=2_000))
    calibrated = CalibratedClassifierCV(classifier, method="sigmoid", cv=splits, ensemble=False)
    fitted: Classifier = calibrated.fit(examples.values, examples.labels)
    return fitted


def _test(probabilities: Floats, train: Examples, test: Examples, seed: int) -> tuple[dict[str, float], bool]:
    """Measures on the held-out month, and whether the model is surely better than its rival."""
    from sklearn.metrics import roc_auc_score

    naive = naive_probabilities(train, test.recency)
    errors, rival = (probabilities - test.labels) ** 2, (naive - test.labels) ** 2
    measures = {
        "auc": float(roc_auc_score(test.labels, probabilities)),
        "auc_naive": float(roc_auc_score(test.labels, naive)),
        "brier": float(errors.mean()),
        "brier_naive": float(rival.mean()),
        "calibration_error": calibration_error(probabilities, test.labels),
    }
    return measures, is_surely_smaller(errors, rival, seed)


def _counts(data: BotData, now: Snapshot, probabilities: Floats) -> list[Figure]:
    """Users by tier and risk band, and the revenue that is expected to go."""
    bands = np.array([risk_of(float(one)) for one in probabilities])
    figures = []
    for index, tier in enumerate(data.tiers):
        inside = now.tiers == index
        figures += [
            Figure("churn_risk_users", {"tier": tier, "risk": risk}, float((inside & (bands == risk)).sum()))
            for risk in RISKS
        ]
        if data.prices[index] > 0:
            revenue = float(probabilities[inside].sum() * data.prices[index])
            figures.append(Figure("churn_revenue_at_risk_usd", {"tier": tier}, revenue))
    return figures


def _at_risk(data: BotData, now: Snapshot, probabilities: Floats) -> tuple[UserAtRisk, ...]:
    order = np.lexsort((data.user_ids[now.users], -probabilities))
    users = (
        UserAtRisk(
            int(data.user_ids[now.users[index]]),
            data.tiers[now.tiers[index]],
            risk_of(float(probabilities[index])),
            round(float(probabilities[index]), 4),
        )
        for index in order
    )
    return tuple(user for user in users if user.risk != "low")
