"""What the next 30 days will cost and be asked: a structural time series with weekdays, tested against last week."""

import warnings
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from insights.comparison import is_surely_smaller
from insights.database import BotData, Floats
from insights.outcome import Figure, Model, NoPredictionError, Outcome, Reason, quality, verdict

HORIZON: Final = 30
"""Days that are forecast."""
COVERAGE: Final = 0.8
"""The share of days that should lie between `low` and `high`."""

_WEEK: Final = 7
_LEAST_TRAINING: Final = 2 * _WEEK
_LEAST_TESTED: Final = 2 * _WEEK
LEAST_DAYS: Final = _LEAST_TRAINING + _LEAST_TESTED
"""Days of history: two weeks to learn the weekdays from, and two to test on."""
_MOST_ORIGINS: Final = 20
_MOST_TESTED_DAYS: Final = 60
_MOST_EMPTY: Final = 0.2
_NORMAL_Z: Final = 1.2816
_OUTLIER: Final = 4.0
_LEAST_ERRORS: Final = 14
_MOST_LEARNT: Final = 12 * _WEEK
_FADING: Final = 0.95


class Expectation(NamedTuple):
    """Logarithms of the days ahead: what is expected, and how uncertain the model takes itself to be."""

    mean: Floats
    deviation: Floats


class FittedSeries(NamedTuple):
    """What is used of a fitted model of statsmodels, which has no types.

    Attributes:
        errors: the error of each day's forecast by the day before, in deviations; NaN for a missing day.
        expect: the forecast of so many days after the last.
    """

    errors: Floats
    expect: Callable[[int], Expectation]


class Backtest(NamedTuple):
    """Forecasts of the past, one element for each first day and day ahead that has been since.

    Attributes:
        origin: the first day that the forecast did not know.
        ahead: 1 for that day, 2 for the next.
        actual: what the day came to.
        forecast: what was forecast.
        naive: the same weekday of the last week that was known.
        score: the error on the logarithmic scale, in deviations of the model.
    """

    origin: Floats
    ahead: Floats
    actual: Floats
    forecast: Floats
    naive: Floats
    score: Floats


def predict_daily(data: BotData, model: Model, today: int, seed: int) -> Outcome:
    """The forecast of a daily total.

    Args:
        data: the bot's database.
        model: `cost` or `queries`.
        today: days since 1970; the first day that is forecast.
        seed: of the resampling that judges the backtest.

    Raises:
        NoPredictionError: there are too few days, or too many of them without a question.
    """
    values = daily_totals(data, "cost_usd" if model is Model.COST else "queries", today)
    if len(values) < LEAST_DAYS:
        detail = f"{len(values)} whole days of history, and {LEAST_DAYS} are needed"
        raise NoPredictionError(Reason.HISTORY_TOO_SHORT, detail)
    empty = float(np.isnan(values).mean())
    if empty > _MOST_EMPTY or np.isnan(values[-_WEEK:]).all():
        detail = f"{empty:.0%} of the days are empty; at most {_MOST_EMPTY:.0%} may be, and not the whole last week"
        raise NoPredictionError(Reason.TOO_LITTLE_TRAFFIC, detail)
    past = backtest(values)
    low, mid, high = interval(expect(values, HORIZON), width_of(past.score))
    measures, better = judge(past, seed)
    figures = (
        *_days(model, {"low": low, "mid": mid, "high": high}),
        *quality(model, measures),
        *verdict(
            model,
            better=better,
            training_rows=int(np.isfinite(values[-_MOST_LEARNT:]).sum()),
            tested_rows=len(past.actual),
            tested_days=int(past.ahead.max()),
        ),
    )
    detail = (
        f"trained on {min(len(values), _MOST_LEARNT)} days, error {measures['error_ratio']:.2f} of the naive one, "
        f"{measures['interval_coverage']:.0%} of the days inside the interval"
    )
    return Outcome(Reason.OK, detail, figures)


def daily_totals(data: BotData, column: str, today: int) -> Floats:
    """The total of every whole UTC day since the first question; NaN for a day without any.

    A day without a question teaches nothing about weekdays: the bot was down, or its database was elsewhere.
    """
    first = data.first_day()
    if first is None or first >= today:
        return np.array([])
    activity = data.activity
    inside = (activity.day >= first) & (activity.day < today)
    days, size = activity.day[inside] - first, today - first
    totals = np.bincount(days, weights=activity.counts[column][inside], minlength=size)
    return np.where(totals > 0, totals, np.nan)


def expect(values: Floats, days: int) -> Expectation:
    """Logarithms of the days after some values.

    A level that drifts and wanders, and seven weekdays (Harvey 1989, "Forecasting, Structural Time Series Models and
    the Kalman Filter"; `statsmodels.tsa.statespace.structural`). It works with two weeks and with missing days. It
    learns from twelve weeks: growth of earlier times is another growth. And the drift fades by 5 % a day, as growth
    that is continued for ever is what forecasts fail by most (Gardner and McKenzie 1985, "Forecasting Trends in Time
    Series").
    """
    logs = np.log(values[-_MOST_LEARNT:])
    fitted = _fit(logs)
    outliers = _outliers(fitted.errors)
    if outliers.any():
        # A launch or an outage is no reason to expect another tomorrow.
        fitted = _fit(np.where(outliers, np.nan, logs))
    return fitted.expect(days)


def backtest(values: Floats) -> Backtest:
    """Forecast the past again and again, each time from what was known then."""
    size = len(values)
    # Half of a short history is tested, and no more than the last two months of a long one.
    begin = max(_LEAST_TRAINING, size // 2, size - _MOST_TESTED_DAYS)
    origins = np.unique(np.linspace(begin, size - 1, min(_MOST_ORIGINS, size - begin)).astype(int))
    rows = [row for origin in origins for row in _rows(values, int(origin))]
    return Backtest(*np.array(rows, dtype=np.float64).T)


def interval(expected: Expectation, width: float) -> tuple[Floats, Floats, Floats]:
    """Lower bound, median and upper bound of each day, so many deviations wide."""
    reach = width * expected.deviation
    return np.exp(expected.mean - reach), np.exp(expected.mean), np.exp(expected.mean + reach)


def width_of(scores: Floats) -> float:
    """How many deviations the interval needs on each side, from what past errors were.

    It is never narrower than the model itself has it: a few calm weeks are no promise.
    """
    if len(scores) < _LEAST_ERRORS:
        return _NORMAL_Z
    return max(_NORMAL_Z, float(np.quantile(np.abs(scores), COVERAGE)))


def judge(past: Backtest, seed: int) -> tuple[dict[str, float], bool]:
    """Measures of a backtest, and whether it is surely better than the naive forecast."""
    errors, rival = np.abs(past.forecast - past.actual), np.abs(past.naive - past.actual)
    mean = float(past.actual.mean())
    origins = [past.origin == origin for origin in np.unique(past.origin)]
    measures = {
        "relative_error": float(errors.mean()) / mean,
        "relative_error_naive": float(rival.mean()) / mean,
        "error_ratio": float(errors.mean() / rival.mean()) if rival.any() else np.inf,
        "interval_coverage": coverage(past),
    }
    # Errors of one forecast go together, so a forecast is one case, however many days it has.
    by_origin = [np.array([one[inside].mean() for inside in origins]) for one in (errors, rival)]
    return measures, is_surely_smaller(by_origin[0], by_origin[1], seed)


def coverage(past: Backtest) -> float:
    """The share of days inside the interval that would have been given: its width only from errors known by then."""
    days = past.origin + past.ahead - 1
    inside: list[NDArray[np.bool_]] = []
    for origin in np.unique(past.origin):
        width = width_of(past.score[days < origin])
        inside.append(np.abs(past.score[past.origin == origin]) <= width)
    return float(np.concatenate(inside).mean())


def _rows(values: Floats, origin: int) -> Iterator[tuple[float, ...]]:
    """The backtest's elements of one origin."""
    days = min(HORIZON, len(values) - origin)
    expected = expect(values[:origin], days)
    for ahead in range(1, days + 1):
        actual = float(values[origin + ahead - 1])
        naive = _naive(values[:origin], ahead)
        if np.isfinite(actual) and naive is not None:
            mean, deviation = float(expected.mean[ahead - 1]), float(expected.deviation[ahead - 1])
            score = (np.log(actual) - mean) / max(deviation, 1e-9)
            yield origin, ahead, actual, np.exp(mean), naive, score


def _naive(past: Floats, ahead: int) -> float | None:
    """The last known value of the same weekday."""
    index = len(past) + ahead - 1
    same = past[index % _WEEK :: _WEEK]
    finite = same[np.isfinite(same)]
    return float(finite[-1]) if len(finite) else None


def _fit(logs: Floats) -> FittedSeries:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(
        logs, "local linear deterministic trend", seasonal=_WEEK, stochastic_seasonal=False
    )
    with warnings.catch_warnings():
        # An optimum at the edge (a variance of 0) is sound; statsmodels warns of each.
        warnings.simplefilter("ignore")
        results = model.fit(disp=False, maxiter=100, cov_type="none")

    drift = float(results.filtered_state[1, -1])

    def expect_days(days: int) -> Expectation:
        ahead, number = results.get_forecast(days), np.arange(1, days + 1)
        excess = drift * (number - np.cumsum(_FADING**number))
        return Expectation(
            np.asarray(ahead.predicted_mean) - excess, np.sqrt(np.asarray(ahead.var_pred_mean))
        )

    return FittedSeries(np.asarray(results.filter_results.standardized_forecasts_error[0]), expect_days)


def _outliers(scores: Floats) -> NDArray[np.bool_]:
    """Which one-day errors are far outside of the others; the first two weeks, in which weekdays are learnt, are none."""
    judged = np.isfinite(scores) & (np.arange(len(scores)) >= _LEAST_TRAINING)
    if judged.sum() < _LEAST_TRAINING:
        return np.zeros(len(scores), dtype=np.bool_)
    middle = float(np.median(scores[judged]))
    spread = 1.4826 * float(np.median(np.abs(scores[judged] - middle)))
    outliers: NDArray[np.bool_] = judged & (
        np.abs(np.nan_to_num(scores) - middle) > _OUTLIER * max(spread, 1e-9)
    )
    return outliers


def _days(model: Model, bounds: dict[str, Floats]) -> Iterator[Figure]:
    name = "forecast_cost_usd" if model is Model.COST else "forecast_queries"
    for bound, values in bounds.items():
        for number, value in enumerate(values, start=1):
            yield Figure(name, {"day": f"{number:02d}", "bound": bound}, float(value))
