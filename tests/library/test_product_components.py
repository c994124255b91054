"""`std/funnel`, `std/retention` and `std/segments`: the numbers that they record, and what they warn of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.library.recorded_values import NOW, RecordedRules, recorded_rules

DAY = 86_400_000
FUNNEL = {
    "name": "x",
    "steps": [
        {"step": step, "users": f'max (steps{{step="{step}"}})'} for step in ("search", "analyze", "buy")
    ],
}
COHORTS = {"name": "x", "users": "cohort_users", "active": "cohort_active_users", "ages": 3}
SEGMENTS = {"name": "x", "users": "users", "use": "uses", "cost": "costs", "tools": "tools"}


def recorded(folder: Path, component: str, arguments: dict[str, Any]) -> RecordedRules:
    return recorded_rules(folder, component, arguments)


def of(values: dict[str, float], record: str) -> dict[str, float]:
    """The values of one record by its labels."""
    names = {
        name.partition("{")[2].rstrip("}"): value
        for name, value in values.items()
        if name.startswith(f"{record}{{")
    }
    return names | ({"": values[record]} if record in values else {})


@pytest.mark.parametrize(
    ("users", "shares", "previous"),
    [
        ((200, 50, 10), (1, 0.25, 0.05), (0.25, 0.2)),
        ((200, 50, 60), (1, 0.25, 0.3), (0.25, 1.2)),
        ((200, 0, 0), (1, 0, 0), (0,)),
        ((0, 0, 0), (), ()),
        ((200, None, 10), (1, 0.05), ()),
    ],
)
def test_a_funnel_has_the_shares_of_the_first_and_of_the_previous_step(
    tmp_path: Path, users: tuple[float | None, ...], shares: tuple[float, ...], previous: tuple[float, ...]
) -> None:
    steps = zip(("search", "analyze", "buy"), users, strict=True)
    series = {f'steps{{step="{step}"}}': value for step, value in steps if value is not None}
    values = recorded(tmp_path, "std/funnel", FUNNEL).values(series)
    assert sorted(of(values, "funnel:share_of_first:x").values()) == pytest.approx(sorted(shares))
    assert sorted(of(values, "funnel:share_of_previous:x").values()) == pytest.approx(sorted(previous))
    lost = [1 - share for share in previous]
    assert sorted(of(values, "funnel:drop_off:x").values()) == pytest.approx(sorted(lost))


def cohorts(active: dict[tuple[str, int], float], **users: float) -> dict[str, float]:
    sizes = {f'cohort_users{{cohort="{name}"}}': value for name, value in users.items()}
    return sizes | {
        f'cohort_active_users{{cohort="{name}", age_weeks="{age}"}}': value
        for (name, age), value in active.items()
    }


def test_a_period_that_is_not_over_has_no_retention_and_never_0(tmp_path: Path) -> None:
    rules = recorded(tmp_path, "std/retention", COHORTS)
    users = {
        "2026-11-30": 80.0,
        "2026-11-23": 100.0,
        "2026-11-16": 200.0,
        "2026-11-09": 50.0,
        "2026-11-02": 60.0,
    }
    active = {(name, age): size / (age + 2) for name, size in users.items() for age in range(4)}
    values = rules.values(cohorts(active, **users))
    # The week of 11-30 runs; that of 11-02 is older than the four cohorts of `ages: 3`.
    assert of(values, "retention:rate:x") == pytest.approx(
        {
            'age="week 00", cohort="2026-11-23"': 1 / 2,
            'age="week 00", cohort="2026-11-16"': 1 / 2,
            'age="week 01", cohort="2026-11-16"': 1 / 3,
            'age="week 00", cohort="2026-11-09"': 1 / 2,
            'age="week 01", cohort="2026-11-09"': 1 / 3,
            'age="week 02", cohort="2026-11-09"': 1 / 4,
        }
    )
    assert of(values, "retention:age:x") == {
        f'cohort="{name}"': age
        for age, name in enumerate(("2026-11-30", "2026-11-23", "2026-11-16", "2026-11-09"))
    }
    assert of(values, "retention:too_early:x") == {
        'age="1", cohort="2026-11-30"': 1,
        'age="2", cohort="2026-11-23"': 2,
        'age="2", cohort="2026-11-30"': 2,
        'age="3", cohort="2026-11-16"': 3,
        'age="3", cohort="2026-11-23"': 3,
        'age="3", cohort="2026-11-30"': 3,
    }


def test_the_retention_of_all_is_weighed_by_the_size_of_the_cohorts(tmp_path: Path) -> None:
    rules = recorded(tmp_path, "std/retention", COHORTS)
    active = {
        ("2026-11-23", 0): 100.0,
        ("2026-11-16", 0): 300.0,
        ("2026-11-16", 1): 30.0,
        ("2026-11-09", 1): 90.0,
    }
    values = rules.values(cohorts(active, **{"2026-11-23": 100.0, "2026-11-16": 300.0, "2026-11-09": 100.0}))
    assert of(values, "retention:mean:x") == pytest.approx({'age="week 00"': 1, 'age="week 01"': 120 / 400})


@pytest.mark.parametrize("days", range(0, 800, 13))
def test_a_week_begins_on_monday_whatever_day_it_is(tmp_path: Path, days: int) -> None:
    at = NOW + days * DAY
    today = datetime.fromtimestamp(at / 1000, UTC).date()
    monday = today - timedelta(days=today.weekday())
    values = recorded(tmp_path, "std/retention", COHORTS).values({}, at)
    expected = {f'cohort="{monday - timedelta(weeks=back)}"' for back in range(4)}
    assert set(of(values, "retention:cohort_began:x")) == expected


def test_cohorts_of_days_begin_at_midnight(tmp_path: Path) -> None:
    rules = recorded(tmp_path, "std/retention", {**COHORTS, "period": "day", "age_label": "age"})
    values = rules.values(
        {
            'cohort_users{cohort="2026-11-29"}': 10,
            'cohort_active_users{cohort="2026-11-29", age="0"}': 10,
            'cohort_active_users{cohort="2026-11-29", age="1"}': 3,
        }
    )
    assert of(values, "retention:rate:x") == {'age="day 00", cohort="2026-11-29"': 1}


def test_segments_have_shares_and_an_index_of_what_the_powerful_do(tmp_path: Path) -> None:
    series = {
        'users{segment="power"}': 100,
        'users{segment="casual"}': 300,
        'users{segment="dormant"}': 600,
        'uses{segment="power", kind="a"}': 500,
        'uses{segment="power", kind="b"}': 100,
        'uses{segment="casual"}': 400,
        'costs{segment="power"}': 9,
        'costs{segment="casual"}': 1,
        'tools{segment="power", tool="map"}': 60,
        'tools{segment="power", tool="list"}': 40,
        'tools{segment="casual", tool="list"}': 90,
        'tools{segment="casual", tool="chat"}': 10,
    }
    values = recorded(tmp_path, "std/segments", SEGMENTS).values(series)
    by = {name: f'segment="{name}"' for name in ("power", "casual", "dormant")}
    assert of(values, "segments:user_share:x") == pytest.approx(
        {by["power"]: 0.1, by["casual"]: 0.3, by["dormant"]: 0.6}
    )
    assert of(values, "segments:use_share:x") == pytest.approx(
        {by["power"]: 0.6, by["casual"]: 0.4, by["dormant"]: 0}
    )
    assert of(values, "segments:cost_share:x") == pytest.approx(
        {by["power"]: 0.9, by["casual"]: 0.1, by["dormant"]: 0}
    )
    assert of(values, "segments:use_per_user:x")[by["power"]] == pytest.approx(6)
    # Of all uses of tools 30 % are of the map, 65 % of the list, 5 % of the chat.
    assert of(values, "segments:tool_index:x") == pytest.approx(
        {'tool="map"': 200, 'tool="list"': 100 * 0.4 / 0.65, 'tool="chat"': 0}
    )


def test_without_cost_and_tools_nothing_is_recorded_of_them(tmp_path: Path) -> None:
    arguments = {key: value for key, value in SEGMENTS.items() if key not in {"cost", "tools"}}
    rules = recorded(tmp_path, "std/segments", arguments)
    assert {rule.rule.record for rule in rules.rules} == {
        f"segments:{name}:x" for name in ("users", "user_share", "use", "use_share", "use_per_user")
    }


@pytest.mark.parametrize(
    ("component", "arguments", "series", "expected"),
    [
        (
            "std/funnel",
            FUNNEL,
            {'steps{step="search"}': 20, 'steps{step="analyze"}': 50, 'steps{step="buy"}': 60},
            {
                "Users by Step": {"more users in {{step}} than in the step before"},
                "Steps": {
                    "more users in analyze than in the step before",
                    "more users in buy than in the step before",
                },
            },
        ),
        ("std/funnel", FUNNEL, {'steps{step="search"}': 60, 'steps{step="analyze"}': 60}, {}),
        (
            "std/retention",
            COHORTS,
            cohorts(
                {("2026-11-23", 2): 0.0, ("2026-11-16", 3): 0.0}, **{"2026-11-23": 9.0, "2026-11-16": 9.0}
            ),
            {"Retention by Week of Signup": {"some cohorts have values for ages that have not begun"}},
        ),
        (
            "std/retention",
            COHORTS,
            cohorts({("2026-11-16", 0): 12.0}, **{"2026-11-16": 9.0}),
            {"Retention by Week of Signup": {"more active users than the cohort has"}},
        ),
        (
            "std/retention",
            COHORTS,
            cohorts({("2026-W47", 0): 9.0}, **{"2026-W47": 9.0}),
            {"Retention by Week of Signup": {"no cohort is named after the first day of a week"}},
        ),
        ("std/retention", COHORTS, {}, {}),
        (
            "std/segments",
            SEGMENTS,
            {'users{segment="power"}': 29, 'users{segment="casual"}': 300},
            {"What power Users Do Differently": {"fewer than 30 power users"}},
        ),
    ],
)
def test_a_panel_says_why_its_data_cannot_be_trusted(
    tmp_path: Path,
    component: str,
    arguments: dict[str, Any],
    series: dict[str, float],
    expected: dict[str, set[str]],
) -> None:
    assert recorded(tmp_path, component, arguments).warnings(series) == expected
