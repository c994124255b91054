"""Features know nothing of what comes after the cut-off; labels are what became of users in the 30 days after it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from past import TODAY

from insights.churn import cutoffs, examples_at
from insights.database import DAY, AccountEvents, Activity, BotData
from insights.features import DORMANT, FEATURES, HORIZON, LOOKBACK, churned, snapshot

TIERS = ("free", "basic", "pro")
CUTOFF = 1_000


def people(*users):
    """Data of hand-written users: (events as (day, kind, tier), days of visits)."""
    events = sorted(
        (day * DAY, place, TIERS.index(tier), kind == "cancel")
        for place, (happened, _) in enumerate(users)
        for day, kind, tier in happened
    )
    visits = [(place, day) for place, (_, days) in enumerate(users) for day in days]
    counts = {
        name: np.ones(len(visits))
        for name in ("queries", "failed", "limit_hits", "commands", "cost_usd", "up", "down")
    }
    at, user, tier, cancel = (np.array(column) for column in zip(*events, strict=True))
    return BotData(
        TIERS,
        np.array([0.0, 29.0, 99.0]),
        np.arange(1001, 1001 + len(users)),
        AccountEvents(user, at.astype(float), tier, cancel.astype(bool)),
        Activity(
            np.array([place for place, _ in visits], dtype=int),
            np.array([day for _, day in visits], dtype=int),
            counts,
        ),
    )


SIGNUP = (CUTOFF - 100, "signup", "free")
PAYS = (CUTOFF - 50, "upgrade", "basic")


@pytest.mark.parametrize(
    ("events", "visits", "label"),
    [
        pytest.param([SIGNUP], [CUTOFF - 1, CUTOFF + 29], False, id="came on the last day"),
        pytest.param([SIGNUP], [CUTOFF - 1, CUTOFF + 16], False, id="came 14 days before the end"),
        pytest.param([SIGNUP], [CUTOFF - 1, CUTOFF + 15], True, id="last came 15 days before the end"),
        pytest.param([SIGNUP], [CUTOFF - 1, CUTOFF + 30], True, id="came back after the end"),
        pytest.param(
            [SIGNUP, PAYS, (CUTOFF + 29.9, "cancel", "free")],
            [CUTOFF - 1, CUTOFF + 29],
            True,
            id="cancelled, but comes",
        ),
        pytest.param(
            [SIGNUP, PAYS, (CUTOFF + 30, "cancel", "free")],
            [CUTOFF - 1, CUTOFF + 29],
            False,
            id="cancelled after the end",
        ),
        pytest.param([SIGNUP, PAYS], [CUTOFF - 60], True, id="pays and stays silent"),
        pytest.param([SIGNUP, PAYS], [CUTOFF - 60, CUTOFF + 20], False, id="pays, was silent, and came back"),
        pytest.param([SIGNUP], [CUTOFF - DORMANT - 1, CUTOFF + 20], None, id="dormant already"),
        pytest.param([SIGNUP], [CUTOFF - DORMANT], True, id="almost dormant"),
        pytest.param([SIGNUP], [CUTOFF, CUTOFF + 20], None, id="came on the cut-off's day first"),
        pytest.param([(CUTOFF + 0.1, "signup", "free")], [CUTOFF + 20], None, id="signed up later"),
        pytest.param(
            [SIGNUP, PAYS, (CUTOFF - 1, "cancel", "free")],
            [CUTOFF - 2, CUTOFF + 20],
            False,
            id="cancelled before, but comes",
        ),
    ],
)
def test_who_churns(events, visits, label):
    # Somebody else is there too, so that places and numbers differ.
    data = people(([SIGNUP], [CUTOFF - 3, CUTOFF + 25]), (events, visits))
    earlier = snapshot(data, CUTOFF)
    labels = dict(zip(earlier.users.tolist(), churned(data, earlier).tolist(), strict=True))
    assert labels.pop(0) is False
    assert labels == ({} if label is None else {1: label})


def test_the_tier_is_the_one_of_that_day():
    data = people(
        ([SIGNUP, PAYS, (CUTOFF - 10, "upgrade", "pro"), (CUTOFF + 1, "cancel", "free")], [CUTOFF - 1])
    )
    assert [TIERS[snapshot(data, day).tiers[0]] for day in (CUTOFF - 5, CUTOFF)] == ["pro", "pro"]
    assert TIERS[snapshot(data, CUTOFF + 2).tiers[0]] == "free"
    assert len(snapshot(data, CUTOFF - 20).users) == 1
    assert TIERS[snapshot(data, CUTOFF - 20).tiers[0]] == "basic"


def test_features_are_what_their_names_say():
    data = people(([SIGNUP, PAYS], [CUTOFF - 29, CUTOFF - 28, CUTOFF - 8, CUTOFF - 7, CUTOFF - 2, CUTOFF]))
    values = dict(zip(FEATURES, snapshot(data, CUTOFF).values[0], strict=True))
    assert values["days_since_last_visit"] == 2
    assert values["active_days_7"] == 2
    assert values["active_days_28"] == 4
    assert values["visit_gaps_missed"] == pytest.approx(2 * 4 / 28)
    assert values["trend_of_active_days"] == pytest.approx(np.log(2.5 / 1.5))
    assert np.expm1(values["days_since_signup"]) == pytest.approx(100)
    assert np.expm1(values["days_since_tier_change"]) == pytest.approx(50)
    assert np.expm1(values["monthly_price"]) == pytest.approx(29)


def changed_from(data, day, seed):
    """The same data with another future: visits and events from a day on are moved, doubled and invented."""
    rng = np.random.default_rng(seed)
    activity, events = data.activity, data.events
    later = activity.day >= day
    counts = {
        name: np.where(later, values * rng.integers(0, 9, len(values)) + 1, values)
        for name, values in activity.counts.items()
    }
    users = np.where(later, rng.integers(0, len(data.user_ids), len(later)), activity.user)
    days = np.where(later, rng.integers(day, day + 60, len(later)), activity.day)
    after = events.at >= day * DAY
    tiers = np.where(after, rng.integers(0, 3, len(after)), events.to_tier)
    cancels = np.where(after, rng.random(len(after)) < 0.5, events.is_cancel)
    return data._replace(
        activity=Activity(users, days, counts), events=AccountEvents(events.user, events.at, tiers, cancels)
    )


@settings(max_examples=25, deadline=None)
@given(day=st.integers(TODAY - 120, TODAY - 1), seed=st.integers(0, 1_000))
def test_another_future_changes_no_feature(data, day, seed):
    before, after = snapshot(data, day), snapshot(changed_from(data, day, seed), day)
    np.testing.assert_array_equal(before.users, after.users)
    np.testing.assert_array_equal(before.tiers, after.tiers)
    np.testing.assert_array_equal(before.values, after.values)


def test_the_test_above_can_fail(data):
    day = TODAY - 40
    assert not np.array_equal(
        snapshot(data, day + 5).values, snapshot(changed_from(data, day, 1), day + 5).values
    )


def test_what_happens_in_the_held_out_month_changes_nothing_that_the_tested_model_learns_from(data):
    held_out = TODAY - HORIZON
    days = cutoffs(data.first_day(), held_out - HORIZON)
    before = examples_at(data, days)
    after = examples_at(changed_from(data, held_out, 3), days)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(
        examples_at(data, [held_out]).labels, examples_at(changed_from(data, held_out, 3), [held_out]).labels
    )


def test_cutoffs_are_weeks_apart_with_enough_days_before_the_first():
    days = cutoffs(100, 190)
    assert days[-1] == 190
    assert set(np.diff(days)) == {7}
    assert 100 + LOOKBACK <= days[0] < 100 + LOOKBACK + 7
    assert cutoffs(100, 1_000) == list(range(1_000 - 25 * 7, 1_001, 7))
