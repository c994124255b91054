"""Thirty days of history: what a product's dashboards want to see is in it, and the database continues where it ends."""

import math
import sqlite3
from collections import Counter
from itertools import pairwise

import pytest

from bot.catalog import PLANS, Step
from bot.database import DAY, Database
from bot.experiments import ANSWER_LENGTH, EXPERIMENTS, GREETING
from bot.gauges import COHORT_WEEKS, UserGauges
from bot.history import add_history
from loadgen.history.incidents import DEPLOY_DAYS_AGO, INCIDENTS, NEW_TOOL
from loadgen.history.ledger import Ledger
from loadgen.history.past import Past, Span
from loadgen.history.prior import PRIOR_DAYS

NOW = 1_795_435_200.0
SPAN = Span(begin=NOW - 30 * DAY, end=NOW)
STEP = 1800


class Month:
    """A past in steps of half an hour, which is enough for days and weeks."""

    def __init__(self, seed):
        self.ledger = Ledger(("1.3.2", "1.4.0"), SPAN.weeks)
        self.past = Past(self.ledger, SPAN, seed, ("1.3.2", "1.4.0"))
        for moment in range(int(SPAN.begin) + STEP, int(SPAN.end) + 1, STEP):
            self.past.live_until(moment - STEP, moment)
        self.people = [person.record for person in self.past.people.everybody]

    def series(self, name, **labels):
        """The values of all series of a name, by their labels."""
        return {
            one.labels: dict(zip(*self.ledger.column(one), strict=True))
            for one in self.ledger.series
            if one.name == f"dubai_estate_{name}" and labels.items() <= dict(one.labels).items()
        }

    def last(self, name, **labels):
        """The sum of the last values."""
        return sum(points[int(NOW)] for points in self.series(name, **labels).values())


@pytest.fixture(scope="module")
def month():
    return Month(7)


@pytest.fixture(scope="module")
def path(month, tmp_path_factory):
    path = tmp_path_factory.mktemp("month") / "bot.db"
    database = Database(path, lambda: NOW)
    assert add_history(database, month.people) == len(month.people)
    database.close()
    return path


def rows_of(path, statement, *values):
    with sqlite3.connect(path) as db:
        return db.execute(statement, values).fetchall()


def test_the_bot_goes_on_exactly_where_the_history_ends(month, path):
    month.past.people.refresh(NOW)
    database = Database(path, lambda: NOW)
    figures = UserGauges(database, pytest.fail).figures()
    database.close()
    for name, values in figures.items():
        if name in {"segment_users", "funnel_users"}:  # counted now and then only
            continue
        points = {
            tuple(dict(labels).values()): points[int(NOW)]
            for labels, points in month.series(name).items()
            if int(NOW) in points
        }
        assert points == {tuple(sorted_values(name, key)): value for key, value in values.items()}, name
    assert {key[0]: value for key, value in figures["segment_users"].items()} == pytest.approx(
        dict(month.past.people.by_segment), abs=10
    )
    assert figures["funnel_users"] == month.past.people.funnel(NOW)


def sorted_values(name, key):
    """Values of labels in the order of the labels' names."""
    return reversed(key) if name == "cohort_active_users" else key


def test_a_second_history_adds_nobody(month, path):
    database = Database(path, lambda: NOW)
    assert add_history(database, month.people) == 0
    database.close()


def test_there_are_twelve_cohorts_at_every_moment_which_fade_but_do_not_end(month):
    sizes, active = month.series("cohort_users"), month.series("cohort_active_users")
    by_moment = Counter(moment for points in sizes.values() for moment in points)
    # In the first hours of a week nobody has signed up yet.
    assert {COHORT_WEEKS} <= set(by_moment.values()) <= {COHORT_WEEKS - 1, COHORT_WEEKS}
    ages = Counter()
    for labels, points in active.items():
        cohort, age = dict(labels)["cohort"], int(dict(labels)["age_weeks"])
        [size] = [known for key, known in sizes.items() if dict(key)["cohort"] == cohort]
        assert all(value <= size[moment] for moment, value in points.items())
        if int(NOW) in points and age in {0, 1, 3, 8}:
            ages[age, "size"] += size[int(NOW)] if age <= 8 and points[int(NOW)] else 0
            ages[age, "active"] += points[int(NOW)]
    kept = {age: ages[age, "active"] / ages[age, "size"] for age in (0, 1, 3, 8)}
    assert kept[0] == 1
    assert 0.3 < kept[1] < 0.7
    assert 0.05 < kept[8] < kept[3] < kept[1]


def test_no_step_of_the_funnel_is_larger_than_the_one_before(month):
    for period in ("day", "week"):
        steps = [next(iter(month.series("funnel_users", period=period, step=step).values())) for step in Step]
        for moment in steps[0]:
            counts = [points[moment] for points in steps]
            assert counts == sorted(counts, reverse=True)
    assert month.last("funnel_users", period="week", step="subscribe") > 0


def z_score(month, experiment):
    """How far apart the rates of two variants are, in standard errors of the pooled rate."""
    shown, done = (
        [month.last(f"experiment_{what}_users", variant=variant) for variant in experiment.variants]
        for what in ("exposed", "converted")
    )
    pooled = sum(done) / sum(shown)
    error = math.sqrt(pooled * (1 - pooled) * sum(1 / users for users in shown))
    return (done[1] / shown[1] - done[0] / shown[0]) / error


@pytest.mark.parametrize("seed", [7, 8])
def test_one_experiment_has_an_effect_and_the_other_has_none(month, seed):
    lived = month if seed == 7 else Month(seed)
    assert z_score(lived, ANSWER_LENGTH) > 2.6
    assert abs(z_score(lived, GREETING)) < 1.96
    for item in EXPERIMENTS:
        shares = [lived.last("experiment_exposed_users", variant=variant) for variant in item.variants]
        assert min(shares) / max(shares) > 0.8


def test_all_segments_and_votes_are_there(month):
    for segment in ("power", "regular", "casual", "dormant"):
        assert month.last("segment_users", segment=segment) > 50
    up, down = (month.last("feedback_total", rating=rating) for rating in ("up", "down"))
    assert 0.6 < up / (up + down) < 0.95


def test_the_launch_brings_signups_and_the_spike_costs(month):
    launch, spike = INCIDENTS[0], INCIDENTS[3]

    def rise(name, incident):
        """How much more an incident's hours brought than the same hours a day before."""
        begin = int(NOW - incident.days_ago * DAY) // STEP * STEP
        length = round(incident.hours * 3600) // STEP * STEP
        total = Counter()
        for points in month.series(name).values():
            for key, since in (("then", begin), ("before", begin - DAY)):
                total[key] += points[since + length] - points[since]
        return total["then"] / max(total["before"], 1e-9)

    assert spike.cost_factor == 4
    assert rise("cost_usd_total", spike) > 2
    assert rise("signups_total", launch) > 3


def test_a_tool_that_came_with_the_deploy_is_used_since_then_only(month):
    [points] = month.series("tool_usage_total", tool_name=NEW_TOOL).values()
    deploy = NOW - DEPLOY_DAYS_AGO * DAY
    assert max(value for moment, value in points.items() if moment < deploy) == 0
    assert points[int(NOW)] > 20


def test_cache_retries_and_refusals_are_in_it(month):
    read = month.last("cache_tokens_total", operation="read")
    assert 0.3 < read / month.last("tokens_total", direction="input") < 0.9
    assert month.last("cache_saved_usd_total") > month.last("cache_write_extra_usd_total") > 0
    assert month.last("model_retries_total", reason="rate_limited") > 0
    assert month.last("tool_errors_total", kind="refused") > 0
    assert month.last("tool_errors_total", kind="broken") > 0
    assert month.last("stop_reasons_total", stop_reason="max_tokens") > 0
    assert 0 < month.last("failed_cost_usd_total") < 0.05 * month.last("cost_usd_total")
    assert month.last("budget_usd", period="month") > 0


def test_activity_by_day_reaches_back_for_months_and_grows(path):
    days = dict(rows_of(path, "SELECT day, sum(queries) FROM activity GROUP BY day"))
    assert min(days) <= int((NOW - (29 + PRIOR_DAYS) * DAY) // DAY)
    today = int(NOW // DAY)
    months = [sum(days.get(day, 0) for day in range(today - 30 * n, today - 30 * n + 30)) for n in (5, 3, 1)]
    assert months == sorted(months)
    [[cost, failed, hits, up]] = rows_of(
        path, "SELECT sum(cost_usd), sum(failed), sum(limit_hits), sum(up) FROM activity"
    )
    assert min(cost, failed, hits, up) > 0


def test_the_activity_of_the_last_month_is_what_the_counters_say(month, path):
    since = int(SPAN.begin // DAY) + 1
    [[queries]] = rows_of(path, "SELECT sum(queries) FROM activity WHERE day >= ?", since)
    [[cost]] = rows_of(path, "SELECT sum(cost_usd) FROM activity WHERE day >= ?", since)
    begin = since * DAY

    def counted(name):
        return sum(points[int(NOW)] - points[begin] for points in month.series(name).values())

    assert queries == pytest.approx(counted("queries_total"), rel=0.02)
    assert cost == pytest.approx(counted("cost_usd_total"), rel=0.02)


def test_tiers_follow_from_events(path):
    tiers = dict(rows_of(path, "SELECT id, tier FROM users"))
    last: dict[int, str] = {}
    for user_id, before, after in rows_of(
        path, "SELECT user_id, from_tier, to_tier FROM events ORDER BY at, id"
    ):
        assert last.get(user_id) == before
        last[user_id] = after
    assert last == tiers
    kinds = Counter(kind for (kind,) in rows_of(path, "SELECT kind FROM events"))
    assert kinds["cancel"] >= 10
    assert kinds["upgrade"] > kinds["cancel"]
    assert set(tiers.values()) == set(PLANS)


def test_who_leaves_has_come_less_often_before(path):
    """Among who paid, those who cancelled in the last 60 days had been away for longer than others."""
    away = {"left": [], "stayed": []}
    cancels = dict(
        rows_of(path, "SELECT user_id, at FROM events WHERE kind = 'cancel' AND at > ?", NOW - 60 * DAY)
    )
    for (user_id,) in rows_of(path, "SELECT DISTINCT user_id FROM events WHERE kind = 'upgrade'"):
        at = cancels.get(user_id, NOW)
        days = rows_of(
            path, "SELECT max(day) FROM activity WHERE user_id = ? AND day < ?", user_id, int(at // DAY)
        )
        if days[0][0] is not None:
            away["left" if user_id in cancels else "stayed"].append(at / DAY - days[0][0])
    middle = {key: sorted(values)[len(values) // 2] for key, values in away.items()}
    assert middle["left"] > middle["stayed"]


def test_moments_of_the_ledger_are_evenly_apart(month):
    assert {later - earlier for earlier, later in pairwise(month.ledger.times)} == {STEP}
