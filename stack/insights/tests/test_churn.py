"""The churn model: better than its rival where there is something to learn, and silent where there is too little."""

import numpy as np
import pytest
from past import PRICES, TODAY

from insights.churn import LEAST_DAYS, Examples, naive_probabilities, predict_churn, risk_of
from insights.outcome import NoPredictionError, Reason


@pytest.fixture(scope="module")
def outcome(data):
    return predict_churn(data, TODAY, 7)


def value(outcome, name, **labels):
    [figure] = [
        one for one in outcome.figures if one.name == name and labels.items() <= dict(one.labels).items()
    ]
    return figure.value


def measure(outcome, name):
    return value(outcome, "insights_quality", measure=name)


def test_a_model_that_finds_what_there_is_to_learn_says_that_it_is_better(outcome):
    assert outcome.reason is Reason.OK
    assert measure(outcome, "auc") > 0.85
    assert measure(outcome, "auc") > measure(outcome, "auc_naive") > 0.5
    assert measure(outcome, "brier") < measure(outcome, "brier_naive")
    assert measure(outcome, "calibration_error") < 0.1
    assert value(outcome, "insights_better_than_naive") == 1


@pytest.mark.parametrize("seed", [2, 4, 5])
def test_a_model_that_finds_nothing_says_that_it_is_not_better(data_of, seed):
    outcome = predict_churn(data_of(is_learnable=False, seed=seed), TODAY, 7)
    assert value(outcome, "insights_better_than_naive") == 0


def test_every_user_at_risk_is_counted_once_and_logged_unless_the_risk_is_low(data, outcome):
    counted = {
        (figure.labels["tier"], figure.labels["risk"]): figure.value
        for figure in outcome.figures
        if figure.name == "churn_risk_users"
    }
    assert set(counted) == {(tier, risk) for tier in PRICES for risk in ("low", "medium", "high")}
    for tier in PRICES:
        for risk in ("medium", "high"):
            logged = [user for user in outcome.at_risk if (user.tier, user.risk) == (tier, risk)]
            assert len(logged) == counted[tier, risk]
    assert not [user for user in outcome.at_risk if user.risk == "low"]
    probabilities = [user.probability for user in outcome.at_risk]
    assert probabilities == sorted(probabilities, reverse=True)
    assert {user.user_id for user in outcome.at_risk} <= set(data.user_ids.tolist())


def test_the_revenue_at_risk_is_between_what_the_bands_allow(outcome):
    for tier in ("basic", "pro"):
        users = {
            risk: value(outcome, "churn_risk_users", tier=tier, risk=risk)
            for risk in ("low", "medium", "high")
        }
        revenue = value(outcome, "churn_revenue_at_risk_usd", tier=tier) / PRICES[tier]
        assert 0.2 * users["medium"] + 0.5 * users["high"] <= revenue
        assert revenue <= 0.2 * users["low"] + 0.5 * users["medium"] + users["high"]
    assert not [
        f for f in outcome.figures if f.name == "churn_revenue_at_risk_usd" and f.labels["tier"] == "free"
    ]


def test_the_same_data_and_seed_predict_the_same(data, outcome):
    assert predict_churn(data, TODAY, 7) == outcome


@pytest.mark.parametrize(
    ("properties", "reason", "detail"),
    [
        (
            {"days": LEAST_DAYS - 1},
            Reason.HISTORY_TOO_SHORT,
            f"87 days of users' history, and {LEAST_DAYS} are needed",
        ),
        ({"days": 30}, Reason.HISTORY_TOO_SHORT, "30 days"),
        ({"users": 60}, Reason.TOO_FEW_USERS, "active or paying users in the last month, and 50 are needed"),
    ],
)
def test_too_little_data_predicts_nothing_and_says_why(data_of, properties, reason, detail):
    with pytest.raises(NoPredictionError, match=detail) as caught:
        predict_churn(data_of(**properties), TODAY, 7)
    assert caught.value.reason is reason


def test_users_who_all_stay_teach_nothing(data):
    # Everybody of the first days comes every day.
    days = np.arange(TODAY - 100, TODAY)
    size = len(data.user_ids)
    counts = {name: np.ones(size * len(days)) for name in data.activity.counts}
    activity = data.activity._replace(
        user=np.repeat(np.arange(size), len(days)), day=np.tile(days, size), counts=counts
    )
    events = data.events._replace(is_cancel=np.zeros_like(data.events.is_cancel))
    with pytest.raises(NoPredictionError, match=r"0 of .* users churned in past months") as caught:
        predict_churn(data._replace(activity=activity, events=events), TODAY, 7)
    assert caught.value.reason is Reason.TOO_FEW_CHURNERS


def test_the_shortest_history_that_is_enough_is_enough(data_of):
    assert predict_churn(data_of(days=LEAST_DAYS, users=900), TODAY, 7).reason is Reason.OK


def test_a_bot_that_nobody_uses_any_more_has_nobody_at_risk(data_of):
    data = data_of(days=150)
    free = data._replace(prices=np.zeros(3))
    with pytest.raises(NoPredictionError) as caught:
        predict_churn(free, TODAY + 40, 7)
    assert caught.value.reason in {Reason.TOO_FEW_USERS, Reason.TOO_FEW_CHURNERS}


@pytest.mark.parametrize(
    ("probability", "risk"),
    [(0, "low"), (0.1999, "low"), (0.2, "medium"), (0.4999, "medium"), (0.5, "high"), (1, "high")],
)
def test_risk_bands_have_their_bounds(probability, risk):
    assert risk_of(probability) == risk


def test_the_rival_is_the_share_that_churned_after_as_many_days_of_silence():
    recency = np.array([1.0, 1, 1, 1, 10, 10, 20])
    train = Examples(np.zeros((7, 1)), np.array([0.0, 0, 0, 1, 1, 0, 1]), np.arange(7.0), recency)
    naive = naive_probabilities(train, np.array([1.0, 10, 29, 5]))
    assert naive == pytest.approx([0.25, 0.5, 1.0, 3 / 7])
