"""The forecast: right where the past says enough, honest about its interval, and silent where there is too little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from past import TODAY, WEEKDAYS

from insights.forecast import (
    COVERAGE,
    HORIZON,
    LEAST_DAYS,
    backtest,
    coverage,
    daily_totals,
    expect,
    interval,
    judge,
    predict_daily,
    width_of,
)
from insights.outcome import Model, NoPredictionError, Reason

SHAPE = np.array(WEEKDAYS)


def series(days, noise=0.1, growth=0.0, seed=1, level=600.0):
    rng = np.random.default_rng(seed)
    trend = level * (1 + growth) ** np.arange(days)
    return trend * np.resize(SHAPE, days) * np.exp(rng.normal(0, noise, days))


def bounds(outcome, name):
    figures = [figure for figure in outcome.figures if figure.name == name]
    assert sorted({figure.labels["day"] for figure in figures}) == [f"{day:02d}" for day in range(1, 31)]
    return {
        bound: np.array([figure.value for figure in figures if figure.labels["bound"] == bound])
        for bound in ("low", "mid", "high")
    }


@pytest.mark.parametrize(
    ("model", "name"), [(Model.COST, "forecast_cost_usd"), (Model.QUERIES, "forecast_queries")]
)
def test_thirty_days_are_forecast_with_their_bounds(data, model, name):
    outcome = predict_daily(data, model, TODAY, 7)
    assert outcome.reason is Reason.OK
    days = bounds(outcome, name)
    assert (days["low"] < days["mid"]).all()
    assert (days["mid"] < days["high"]).all()
    # The uncertainty of a level that wanders grows.
    width = np.log(days["high"] / days["low"])
    assert width[-1] > width[0]
    values = daily_totals(data, "cost_usd" if model is Model.COST else "queries", TODAY)
    assert values[-28:].mean() * 0.7 < days["mid"].mean() < values[-28:].mean() * 1.5
    assert predict_daily(data, model, TODAY, 7) == outcome


def test_weekdays_are_continued():
    values = series(120, noise=0.02)
    mid = np.exp(expect(values, HORIZON).mean)
    assert np.abs(mid / (600 * np.resize(SHAPE, 150)[120:]) - 1).max() < 0.05


def test_growth_is_continued_but_not_for_ever():
    values = series(120, noise=0.02, growth=0.01)
    weeks = np.exp(expect(values, 28).mean).reshape(4, 7).sum(axis=1)
    growth = weeks / np.append(values[-7:].sum(), weeks[:-1]) - 1
    assert 0.04 < growth[0] < 0.08  # 7 % a week before
    assert (np.diff(growth) < 0).all()
    assert growth[-1] > 0.005


def test_growth_of_long_ago_is_forgotten():
    flat = series(84, noise=0.05)
    steep = np.concatenate([series(84, noise=0.05, growth=0.05, level=1.0), flat])
    np.testing.assert_array_equal(expect(steep, HORIZON).mean, expect(flat, HORIZON).mean)


def test_a_launch_and_an_outage_do_not_make_the_next_days_another_level():
    values = series(60, noise=0.03)
    plain = np.exp(expect(values, 7).mean)
    values[50], values[57] = values[50] * 4, values[57] * 0.05
    assert np.abs(np.exp(expect(values, 7).mean) / plain - 1).max() < 0.08


def test_a_new_level_is_believed():
    values = series(60, noise=0.03)
    values[45:] *= 2
    assert np.exp(expect(values, 7).mean).mean() > 1.6 * values[:45].mean()


def test_missing_days_are_no_zeros():
    values = series(60, noise=0.03)
    plain = np.exp(expect(values, 7).mean)
    values[[20, 33, 34, 55]] = np.nan
    assert np.abs(np.exp(expect(values, 7).mean) / plain - 1).max() < 0.08


def test_the_days_that_come_are_inside_the_interval_as_often_as_it_says():
    inside = []
    for seed in range(8):
        values = series(90 + HORIZON, noise=0.12, growth=0.003, seed=seed)
        past = backtest(values[:90])
        low, _, high = interval(expect(values[:90], HORIZON), width_of(past.score))
        inside.append(((low <= values[90:]) & (values[90:] <= high)).mean())
    assert COVERAGE - 0.15 < np.mean(inside) < COVERAGE + 0.15


def test_the_coverage_that_is_exported_is_measured_on_days_that_the_width_did_not_know():
    shares = [coverage(backtest(series(60, noise=0.12, seed=seed))) for seed in range(4)]
    assert COVERAGE - 0.15 < np.mean(shares) < COVERAGE + 0.15
    # After a calm time, a wild one: the interval that was given was too narrow, and the measure says so.
    calm, wild = series(60, noise=0.02), series(30, noise=0.6, seed=2)
    assert coverage(backtest(np.concatenate([calm, wild]))) < 0.6


@pytest.mark.parametrize(("errors", "width"), [(0.1, 1.2816), (1.0, 1.2816), (2.0, 2 * 1.2816)])
def test_the_interval_is_as_wide_as_past_errors_need_and_no_narrower_than_the_model_has_it(errors, width):
    scores = np.random.default_rng(1).normal(0, errors, 20_000)
    assert width_of(scores) == pytest.approx(width, rel=0.03)
    assert width_of(scores[:13]) == 1.2816


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_a_forecast_of_the_past_knows_nothing_of_what_came_after(seed):
    values = series(42, seed=3)
    before = backtest(values)
    origin = 32
    changed = values.copy()
    changed[origin:] *= np.random.default_rng(seed).uniform(0.1, 10, 42 - origin)
    after = backtest(changed)
    is_known = before.origin <= origin
    np.testing.assert_array_equal(before.forecast[is_known], after.forecast[is_known])
    first = is_known & (before.origin + before.ahead - 1 < origin + 7)
    np.testing.assert_array_equal(before.naive[first], after.naive[first])


def test_the_rival_is_the_same_weekday_of_the_last_known_week():
    values = np.arange(1.0, 43.0)
    past = backtest(values)
    for origin, ahead, naive in zip(past.origin, past.ahead, past.naive, strict=True):
        day = int(origin + ahead - 1)
        expected = day
        while expected >= origin:
            expected -= 7
        assert naive == values[expected]


def better(values):
    return judge(backtest(values), 7)


def test_a_series_that_the_naive_forecast_suits_best_is_not_better_than_naive():
    # Each weekday wanders on its own: the last one of its kind is all that there is to know.
    rng = np.random.default_rng(4)
    values = np.exp(np.cumsum(rng.normal(0, 0.2, (20, 7)), axis=0) + np.log(600)).ravel()
    measures, is_better = better(values)
    assert not is_better
    assert measures["error_ratio"] > 0.95


def test_a_series_that_repeats_itself_exactly_cannot_be_forecast_better():
    measures, is_better = better(np.resize(SHAPE, 70) * 600)
    assert not is_better
    assert not np.isfinite(measures["error_ratio"])  # which is not exported


def test_noise_around_a_shape_is_forecast_better_than_by_one_noisy_week():
    measures, is_better = better(series(120, noise=0.15))
    assert is_better
    assert measures["error_ratio"] < 0.9
    assert measures["relative_error"] < measures["relative_error_naive"]


@pytest.mark.parametrize(
    ("properties", "reason", "detail"),
    [
        ({"days": LEAST_DAYS - 1}, Reason.HISTORY_TOO_SHORT, "27 whole days of history, and 28 are needed"),
        ({"days": 60, "users": 2}, Reason.TOO_LITTLE_TRAFFIC, "of the days are empty"),
    ],
)
def test_too_little_data_predicts_nothing_and_says_why(data_of, properties, reason, detail):
    with pytest.raises(NoPredictionError, match=detail) as caught:
        predict_daily(data_of(**properties), Model.COST, TODAY, 7)
    assert caught.value.reason is reason


def test_a_bot_that_has_been_silent_for_a_week_is_not_forecast(data_of):
    with pytest.raises(NoPredictionError) as caught:
        predict_daily(data_of(days=150), Model.COST, TODAY + 7, 7)
    assert caught.value.reason is Reason.TOO_LITTLE_TRAFFIC


def test_the_shortest_history_that_is_enough_says_how_far_it_was_tested(data_of):
    outcome = predict_daily(data_of(days=LEAST_DAYS), Model.COST, TODAY, 7)
    tested = {figure.name: figure.value for figure in outcome.figures}
    assert tested["insights_tested_days"] == 14
    assert tested["insights_training_rows"] == LEAST_DAYS


def test_a_day_that_is_not_over_is_not_in_the_totals(data):
    values = daily_totals(data, "queries", TODAY)
    assert len(values) == 150
    assert np.array_equal(daily_totals(data, "queries", TODAY - 1), values[:-1])
    inside = data.activity.day == TODAY - 1
    assert values[-1] == data.activity.counts["queries"][inside].sum()
