"""Cohorts, funnel, experiments and segments: what the database counts is what users did."""

import itertools

import pytest
from tests.clock import NOW, Clock

from bot.activity import Activity
from bot.catalog import Command, QueryType, Segment, Step, Tier
from bot.database import DAY, Database
from bot.experiments import ANSWER_LENGTH, EXPERIMENTS, GREETING, style_for
from bot.exposures import Exposures
from bot.gauges import COHORT_WEEKS, UserGauges, cohort_figures, cohort_label, week_of
from bot.metrics import Metrics
from bot.segments import segment_of
from bot.users import Users

HOUR = 3600


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path, clock):
    database = Database(tmp_path / "bot.db", clock)
    yield database
    database.close()


@pytest.fixture
def users(database):
    return Users(database)


@pytest.fixture
def activity(database):
    return Activity(database)


@pytest.fixture
def exposures(database):
    return Exposures(database)


def scrape(gauges):
    """The values by figure, after what a scrape does before it reads."""
    list(gauges.collect())
    return gauges.figures()


def figures(database):
    return scrape(UserGauges(database, pytest.fail))


@pytest.mark.parametrize(
    ("day", "monday"),
    [(0, "1969-12-29"), (3, "1969-12-29"), (4, "1970-01-05"), (int(NOW // DAY), "2026-11-23")],
)
def test_weeks_begin_on_mondays(day, monday):
    assert cohort_label(week_of(day)) == monday


def test_a_cohort_is_a_week_of_signups_and_is_followed_week_by_week(database, users, clock):
    for name in ("ann", "bob", "cem"):
        users.sign_up(name, Tier.FREE)
    clock.now += 6 * DAY  # still the same week
    users.find("ann")
    clock.now += DAY  # the next one
    users.find("ann")
    clock.now += 2 * DAY
    users.find("ann")
    users.find("bob")
    users.sign_up("dan", Tier.FREE)
    clock.now += 14 * DAY
    users.find("cem")
    known = figures(database)
    assert known["cohort_users"] == {("2026-11-23",): 3, ("2026-11-30",): 1}
    assert known["cohort_active_users"] == {
        ("2026-11-23", "0"): 3,
        ("2026-11-23", "1"): 2,
        ("2026-11-23", "2"): 0,
        ("2026-11-23", "3"): 1,
        ("2026-11-30", "0"): 1,
        ("2026-11-30", "1"): 0,
        ("2026-11-30", "2"): 0,
    }


def test_cohorts_are_those_of_the_last_twelve_weeks_and_a_triangle():
    totals = {(week, age): 100 - age for week in range(900, 1000) for age in range(1000 - week)}
    known = cohort_figures(totals, 999)
    assert len(known["cohort_users"]) == COHORT_WEEKS
    assert len(known["cohort_active_users"]) == COHORT_WEEKS * (COHORT_WEEKS + 1) // 2
    oldest = cohort_label(999 - COHORT_WEEKS + 1)
    assert known["cohort_active_users"][oldest, "11"] == 89


WAYS = {
    "nothing": ((), (0, 0, 0)),
    "search": (("search",), (1, 0, 0)),
    "analysis without a search": (("analyze",), (0, 0, 0)),
    "analysis before the search": (("analyze", "search"), (1, 0, 0)),
    "both": (("search", "analyze"), (1, 1, 0)),
    "subscribed at once": (("search", "subscribe"), (1, 0, 0)),
    "all three": (("search", "analyze", "subscribe"), (1, 1, 1)),
    "with detours": (("search", "search", "analyze", "search", "subscribe", "analyze"), (1, 1, 1)),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_funnel_counts_who_took_a_step_after_the_steps_before_it(users, activity, clock, way):
    steps, counts = WAYS[way]
    user = users.sign_up("ann", Tier.FREE)
    kinds = {"search": QueryType.SEARCH, "analyze": QueryType.ANALYSIS}
    for step in steps:
        clock.now += 60
        if step == "subscribe":
            activity.subscribed(user)
        else:
            activity.query(user, kinds[step], 0.01, failed=False)
    assert tuple(activity.count_steps(DAY).values()) == counts


def test_a_way_counts_in_a_window_only_when_it_began_there(users, activity, clock):
    user = users.sign_up("ann", Tier.FREE)
    activity.query(user, QueryType.SEARCH, 0, failed=False)
    clock.now += 30 * HOUR
    activity.query(user, QueryType.ANALYSIS, 0, failed=False)
    assert activity.count_steps(DAY) == {Step.SEARCH: 0, Step.ANALYZE: 0, Step.SUBSCRIBE: 0}
    assert activity.count_steps(7 * DAY) == {Step.SEARCH: 1, Step.ANALYZE: 1, Step.SUBSCRIBE: 0}


def test_no_step_of_the_funnel_is_larger_than_the_one_before_whatever_users_do(users, activity, clock):
    people = [users.sign_up(f"u{number}", Tier.FREE) for number in range(8)]
    for number, (first, second) in enumerate(itertools.product(range(8), repeat=2)):
        clock.now += (first * 7 + second) % 5 * HOUR
        user, what = people[(first + number) % 8], (first * second + number) % 3
        if what == 2:
            activity.subscribed(user)
        else:
            activity.query(user, (QueryType.SEARCH, QueryType.ANALYSIS)[what], 0, failed=False)
        for window in (HOUR, 5 * HOUR, DAY, 7 * DAY):
            counts = list(activity.count_steps(window).values())
            assert counts == sorted(counts, reverse=True)


def test_questions_that_failed_are_no_steps_and_commands_are(users, activity):
    user = users.sign_up("ann", Tier.FREE)
    activity.query(user, QueryType.SEARCH, 0.01, failed=True)
    assert activity.count_steps(DAY)[Step.SEARCH] == 0
    activity.command(user, Command.SEARCH)
    activity.command(user, Command.HELP)
    activity.command(user, Command.ANALYZE)
    assert activity.count_steps(DAY) == {Step.SEARCH: 1, Step.ANALYZE: 1, Step.SUBSCRIBE: 0}


def test_a_day_of_a_user_has_what_they_did(database, users, activity):
    user = users.sign_up("ann", Tier.FREE)
    users.count_query(user, 10)
    users.count_query(user, 10)
    activity.query(user, QueryType.SEARCH, 0.25, failed=False)
    activity.query(user, QueryType.MARKET, 0.5, failed=True)
    activity.limit_hit(user)
    activity.command(user, Command.HELP)
    with database.reading() as db:
        found = db.execute("SELECT queries, failed, limit_hits, commands, cost_usd FROM activity").fetchall()
    assert found == [(2, 1, 1, 1, 0.75)]


def test_changes_of_tier_are_kept_with_their_time(database, users, clock):
    users.sign_up("ann", Tier.FREE)
    clock.now += HOUR
    users.upgrade("ann", Tier.PRO)
    clock.now += HOUR
    users.cancel("ann")
    with database.reading() as db:
        assert db.execute("SELECT at - ?, kind, from_tier, to_tier FROM events", (NOW,)).fetchall() == [
            (0, "signup", None, "free"),
            (HOUR, "upgrade", "free", "pro"),
            (2 * HOUR, "cancel", "pro", "free"),
        ]


@pytest.mark.parametrize(
    ("days", "queries", "idle", "segment"),
    [
        (0, 0, 0, Segment.CASUAL),
        (2, 79, 13.9, Segment.CASUAL),
        (3, 3, 0, Segment.REGULAR),
        (9, 79, 5, Segment.REGULAR),
        (10, 10, 0, Segment.POWER),
        (1, 80, 0, Segment.POWER),
        (28, 999, 14, Segment.DORMANT),
    ],
)
def test_segments_follow_their_rules(days, queries, idle, segment):
    assert segment_of(days, queries, idle) is segment


def test_somebody_rises_by_asking_and_falls_by_staying_away(database, users, clock):
    seen = []
    for _ in range(12):
        user = users.find("ann") if seen else users.sign_up("ann", Tier.FREE)
        users.count_query(user, 10)
        seen.append(user.segment)
        clock.now += DAY
    assert [segment for segment, _ in itertools.groupby(seen)] == ["casual", "regular", "power"]
    falls = []
    for _ in range(16):
        [segment] = [key for (key,), count in figures(database)["segment_users"].items() if count]
        falls.append(segment)
        clock.now += DAY
    assert [segment for segment, _ in itertools.groupby(falls)] == ["power", "dormant"]
    assert users.find("ann").segment is Segment.POWER


def test_everybody_is_in_one_segment(database, users, clock):
    for number in range(30):
        users.sign_up(f"u{number}", Tier.FREE)
        clock.now += DAY
    known = figures(database)
    assert sum(known["segment_users"].values()) == sum(known["users"].values()) == 30


def test_assignment_is_stable_even_and_independent():
    handles = [f"user-{number}" for number in range(4000)]
    assert [item.variant("ann") for item in EXPERIMENTS] == [item.variant("ann") for item in EXPERIMENTS]
    both = [(ANSWER_LENGTH.variant(handle), GREETING.variant(handle)) for handle in handles]
    for pair in itertools.product(ANSWER_LENGTH.variants, GREETING.variants):
        assert both.count(pair) / len(both) == pytest.approx(0.25, abs=0.03)


def test_an_exposure_and_a_conversion_count_once_for_a_user(database, users, exposures, clock):
    user = users.sign_up("ann", Tier.FREE)
    assert exposures.subscribed(user) == []  # before they saw anything
    clock.now += 60
    assert dict(exposures.expose(user)) == {item.name: item.variant("ann") for item in EXPERIMENTS}
    assert exposures.expose(user) == []
    assert exposures.seen(user) == {"answer_length", "greeting"}
    assert exposures.returned(user) == []  # on the same day
    clock.now += 60
    assert exposures.subscribed(user) == [("answer_length", ANSWER_LENGTH.variant("ann"))]
    assert exposures.subscribed(user) == []
    clock.now += DAY
    assert exposures.returned(user) == [("greeting", GREETING.variant("ann"))]
    assert exposures.returned(user) == []
    known = figures(database)
    for item in EXPERIMENTS:
        counts = {variant: int(variant == item.variant("ann")) for variant in item.variants}
        for figure in ("experiment_exposed_users", "experiment_converted_users"):
            assert {v: known[figure][item.name, v] for v in item.variants} == counts


def test_an_experiment_that_has_ended_is_kept_and_no_longer_exported(database, users):
    user = users.sign_up("ann", Tier.FREE)
    with database.transaction() as db:
        db.execute("INSERT INTO exposures VALUES (?, 'old', 'blue', ?, NULL)", (user.user_id, NOW))
    assert {experiment for experiment, _ in figures(database)["experiment_exposed_users"]} == {
        item.name for item in EXPERIMENTS
    }


def test_a_greeting_is_said_once_and_a_length_each_time():
    warm = next(f"u{n}" for n in range(99) if GREETING.variant(f"u{n}") == "warm")
    assert style_for(warm, frozenset()).greets
    assert not style_for(warm, frozenset({"greeting"})).greets
    brief = next(f"u{n}" for n in range(99) if ANSWER_LENGTH.variant(f"u{n}") == "brief")
    assert style_for(brief, frozenset({"answer_length"})).brief


def test_answers_really_differ_by_variant(world):
    handles = [f"u{number}" for number in range(40)]
    text = "Tell me about Dubai Marina and what the chiller costs for 1,200 sqft"
    answers = {handle: world.ask(text, user=handle).json() for handle in handles}
    lengths = {"brief": [], "detailed": []}
    for handle in handles:
        lengths[ANSWER_LENGTH.variant(handle)].append(len(answers[handle]["answer"]))
        assert answers[handle]["answer"].startswith("Welcome") == (GREETING.variant(handle) == "warm")
    assert max(lengths["brief"]) < max(lengths["detailed"])
    tokens = {
        variant: world.metric("experiment_exposed_users", experiment="answer_length", variant=variant)
        for variant in lengths
    }
    assert sum(tokens.values()) == 40
    assert not world.ask(text, user=handles[0]).json()["answer"].startswith("Welcome")


def test_the_log_tells_exposures_and_conversions_with_the_user_and_metrics_do_not(world):
    world.ask(user="ann", tier="free")
    world.client.post("/upgrade", json={"user": "ann", "tier": "pro"})
    lines = [line for line in world.lines() if "experiment" in line]
    assert [(line["event"], line["experiment"]) for line in lines] == [
        ("exposure", "answer_length"),
        ("exposure", "greeting"),
        ("conversion", "answer_length"),
    ]
    assert all(line["user_id"] == "1001" and line["variant"] for line in lines)
    assert "1001" not in world.client.get("/metrics").text


def test_questions_and_tools_are_counted_by_segment(world):
    for _ in range(3):
        world.ask(user="ann")
    assert world.metric("segment_queries_total", segment="casual", query_type="comparison") == 3
    assert world.metric("segment_tool_usage_total", segment="casual", tool_name="compare_areas") == 3
    assert world.metric("segment_queries_total") == world.metric("queries_total")
    assert world.metric("segment_tool_usage_total") == world.metric("tool_usage_total")


def steps_of(database, call):
    """How much work SQLite does, counted in thousands of its virtual machine's instructions."""
    count = 0

    def tick():
        nonlocal count
        count += 1
        return 0

    database._db.set_progress_handler(tick, 1000)
    call()
    database._db.set_progress_handler(None, 0)
    return count


@pytest.fixture
def many_users(database, clock):
    """50,000 users of the last year, of whom 10,000 were here in the last 30 days; each has asked on 12 days."""
    with database.transaction() as db:
        everybody = range(1, 50_001)
        seen = {
            user: NOW - (user % 3000 / 100 if user % 5 == 0 else 30 + user % 300) * DAY for user in everybody
        }
        db.executemany(
            "INSERT INTO users (id, handle, tier, signed_up, last_seen, segment, segmented) "
            "VALUES (?, ?, ?, ?, ?, 'casual', 0)",
            [(u, f"u{u}", ("free", "basic", "pro")[u % 3], NOW - 365 * DAY, seen[u]) for u in everybody],
        )
        db.executemany(
            "INSERT INTO activity (user_id, day, queries) VALUES (?, ?, 3)",
            [(u, int(seen[u] // DAY) - day) for u in everybody for day in range(12)],
        )
        db.executemany(
            "INSERT INTO journeys VALUES (?, ?, ?, NULL)", [(u, seen[u], seen[u]) for u in everybody]
        )
        db.executemany(
            "INSERT INTO exposures VALUES (?, 'greeting', 'warm', ?, NULL)",
            [(u, seen[u]) for u in everybody],
        )
    return database


def test_a_scrape_visits_few_rows_also_with_50_000_users(many_users, clock):
    gauges = UserGauges(many_users, pytest.fail)
    # The first one counts the 10,000 of the month and evaluates 500 segments: a dozen instructions for each row.
    assert steps_of(many_users, lambda: list(gauges.collect())) < 600
    while Users(many_users).refresh_segments():
        pass
    clock.now += 31
    assert steps_of(many_users, lambda: list(gauges.collect())) < 250
    # Within half a minute nothing is visited that grows with the users.
    clock.now += 15
    assert steps_of(many_users, lambda: list(gauges.collect())) < 10
    # A day later all segments are due, and wait for their turn.
    clock.now += DAY
    assert steps_of(many_users, lambda: list(gauges.collect())) < 600
    assert sum(gauges.figures()["users"].values()) == 50_000


def test_a_question_visits_a_few_rows_also_with_50_000_users(many_users):
    users, activity, exposures = Users(many_users), Activity(many_users), Exposures(many_users)
    users.find("u5")
    many_users.forget_old()

    def ask():
        user = users.find("u5")
        users.count_query(user, 100)
        activity.query(user, QueryType.SEARCH, 0.01, failed=False)
        exposures.returned(user)
        exposures.expose(user)

    assert steps_of(many_users, ask) < 3


def test_all_series_of_the_model_begin_with_zero():
    names = ("cache_tokens", "model_retries", "stop_reasons", "tool_errors", "feedback", "failed_cost_usd")
    families = {family.name: family for family in Metrics("1").registry.collect()}
    for name in names:
        samples = families[f"dubai_estate_{name}"].samples
        assert samples
        assert all(sample.value == 0 for sample in samples)
