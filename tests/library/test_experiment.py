"""`std/experiment`: its numbers are those of statistics, and its intervals hold what they promise."""

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.library.recorded_values import RecordedRules, recorded_rules

ARGUMENTS = {"name": "x", "exposures": "exposed", "conversions": "converted", "control": "c"}
EXPERIMENTS = 2_000
CLOSE = pytest.approx

Counts = dict[str, tuple[int, int]]
"""Users and conversions by variant."""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RecordedRules:
    return recorded_rules(tmp_path_factory.mktemp("experiment"), "std/experiment", ARGUMENTS)


def series(counts: Counts) -> dict[str, float]:
    users = {f'exposed{{variant="{name}"}}': float(pair[0]) for name, pair in counts.items()}
    # No series of conversions before the first one, as many applications have it.
    converted = {f'converted{{variant="{name}"}}': float(pair[1]) for name, pair in counts.items() if pair[1]}
    return users | converted


def wilson(users: int, conversions: int, z: float) -> tuple[float, float]:
    level = 1 - 2 * float(stats.norm.sf(z))
    interval = stats.binomtest(conversions, users).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def newcombe(control: tuple[int, int], variant: tuple[int, int], z: float) -> tuple[float, float]:
    """Newcombe (1998), method 10."""
    (low, high), rate = wilson(*variant, z), variant[1] / variant[0]
    (control_low, control_high), control_rate = wilson(*control, z), control[1] / control[0]
    difference = rate - control_rate
    return (
        difference - math.hypot(rate - low, control_high - control_rate),
        difference + math.hypot(high - rate, control_rate - control_low),
    )


def near(size: tuple[int, int]) -> st.SearchStrategy[tuple[tuple[int, int], tuple[int, int]]]:
    """Two variants, mostly of sizes that an equal split gives."""
    users = st.integers(max(size[0] - 60, 1), size[0] + 60)
    return st.tuples(st.just(size), users.flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))


def sizes(minimum: int = 1) -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(minimum, 100_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(max_examples=200)
@given(pair=sizes().flatmap(near))
def test_rates_and_differences_have_the_intervals_of_wilson_and_newcombe(
    rules: RecordedRules, pair: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    control, variant = pair
    values = rules.values(series({"c": control, "t": variant}))
    z = float(stats.norm.ppf(0.975))
    for name, (users, conversions) in (("c", control), ("t", variant)):
        low, high = wilson(users, conversions, z)
        assert values[f'experiment:rate:x{{variant="{name}"}}'] == CLOSE(conversions / users)
        assert values[f'experiment:rate_lower:x{{variant="{name}"}}'] == CLOSE(low, abs=1e-6)
        assert values[f'experiment:rate_upper:x{{variant="{name}"}}'] == CLOSE(high, abs=1e-6)
    low, high = newcombe(control, variant, z)
    assert values['experiment:difference_lower:x{variant="t"}'] == CLOSE(low, abs=1e-6)
    assert values['experiment:difference_upper:x{variant="t"}'] == CLOSE(high, abs=1e-6)
    verdict = (low > 0) - (high < 0)
    if min(control[0], variant[0]) < 30:
        verdict = 2
    if float(stats.chisquare([control[0], variant[0]]).pvalue) < 0.001:
        verdict = 3
    if verdict in {2, 3} or min(abs(low), abs(high)) > 1e-6:
        assert values['experiment:verdict:x{variant="t"}'] == verdict


@settings(max_examples=100)
@given(control=sizes(), variant=sizes(), other=sizes())
def test_users_needed_and_missing_are_those_of_a_test_with_80_percent_power(
    rules: RecordedRules, control: tuple[int, int], variant: tuple[int, int], other: tuple[int, int]
) -> None:
    values = rules.values(series({"c": control, "t": variant, "o": other}))
    rate = control[1] / control[0]
    wanted = min(rate + 0.02, 1.0)
    z = float(stats.norm.ppf(0.975)) + float(stats.norm.ppf(0.8))
    needed = z**2 * (rate * (1 - rate) + wanted * (1 - wanted)) / 0.02**2
    assert values["experiment:users_needed:x"] == CLOSE(math.ceil(needed), abs=1.01)
    for name, (users, _) in (("c", control), ("t", variant), ("o", other)):
        missing = max(values["experiment:users_needed:x"] - users, 0)
        assert values[f'experiment:users_missing:x{{variant="{name}"}}'] == missing


@settings(max_examples=100)
@given(users=st.lists(st.integers(1, 10_000), min_size=2, max_size=8))
def test_an_equal_split_is_tested_as_by_chi_square(rules: RecordedRules, users: list[int]) -> None:
    counts = {chr(ord("c") + i): (count, 0) for i, count in enumerate(users)}
    values = rules.values(series(counts))
    expected = stats.chisquare(users)
    assert values["experiment:split_chi2:x"] == CLOSE(float(expected.statistic))
    limit = values["experiment:split_limit:x"]
    assert float(stats.chi2.sf(limit, len(users) - 1)) == CLOSE(0.001, rel=1e-4)


def test_a_planned_split_counts_a_variant_without_users_too(tmp_path: Path) -> None:
    arguments = {**ARGUMENTS, "split": {"c": 2, "t": 1, "gone": 1}}
    rules = recorded_rules(tmp_path, "std/experiment", arguments)
    values = rules.values(series({"c": (200, 10), "t": (100, 5)}))
    expected = stats.chisquare([200, 100, 0], [150, 75, 75])
    assert values["experiment:split_chi2:x"] == CLOSE(float(expected.statistic))
    assert values["experiment:split_limit:x"] == CLOSE(float(stats.chi2.isf(0.001, 2)), rel=1e-5)


@pytest.mark.parametrize("comparisons", range(1, 8))
def test_bonferroni_makes_each_interval_wider(tmp_path: Path, comparisons: int) -> None:
    rules = recorded_rules(tmp_path, "std/experiment", {**ARGUMENTS, "comparisons": comparisons})
    values = rules.values(series({"c": (1000, 100), "t": (1000, 130)}))
    z = float(stats.norm.isf(0.025 / comparisons))
    assert values["experiment:z:x"] == CLOSE(z, abs=1e-5)
    low, high = newcombe((1000, 100), (1000, 130), z)
    assert values['experiment:difference_lower:x{variant="t"}'] == CLOSE(low, abs=1e-5)
    assert values['experiment:difference_upper:x{variant="t"}'] == CLOSE(high, abs=1e-5)


@pytest.mark.parametrize(
    ("counts", "absent"),
    [
        ({}, ["experiment:rate:x", "experiment:verdict:x", "experiment:users_needed:x"]),
        ({"t": (100, 10)}, ["experiment:difference:x", "experiment:users_needed:x"]),
        (
            {"c": (0, 0), "t": (0, 0)},
            ["experiment:rate:x", "experiment:difference:x", "experiment:split_chi2:x"],
        ),
    ],
)
def test_where_nothing_is_known_nothing_is_recorded(
    rules: RecordedRules, counts: Counts, absent: list[str]
) -> None:
    names = {name.partition("{")[0] for name in rules.values(series(counts))}
    assert not names & set(absent)


def test_panels_say_that_users_are_not_split_as_planned(rules: RecordedRules) -> None:
    assert rules.warnings(series({"c": (1000, 100), "t": (1040, 130)})) == {}
    assert rules.warnings(series({"c": (1000, 100), "t": (1200, 130)})) == {
        "Verdict": {"users are not split as planned"},
        "Variants": {"users are not split as planned"},
    }


def test_a_panel_says_that_there_are_more_conversions_than_users(rules: RecordedRules) -> None:
    assert rules.warnings(series({"c": (100, 10), "t": (100, 110)})) == {
        "Verdict": {"more conversions than users in {{variant}}"}
    }


# Simulations: the truth is known, as the experiments are drawn. Their seed is fixed.


def _drawn(users: int, rate: float, seed: int) -> list[int]:
    return [int(one) for one in stats.binom.rvs(users, rate, size=EXPERIMENTS, random_state=seed)]


def test_the_interval_of_a_rate_holds_the_truth_in_95_of_100_experiments(rules: RecordedRules) -> None:
    # Users and rates of many sizes: for a single pair of them the part moves by what a whole user changes.
    users = [int(one) for one in stats.randint.rvs(30, 3000, size=EXPERIMENTS, random_state=8)]
    rates = [float(one) for one in stats.uniform.rvs(0.01, 0.98, size=EXPERIMENTS, random_state=9)]
    converted = [int(one) for one in stats.binom.rvs(users, rates, random_state=1)]
    counts = {str(i): pair for i, pair in enumerate(zip(users, converted, strict=True))}
    values = rules.until("experiment:rate_upper:x").values(series(counts))
    low = [values[f'experiment:rate_lower:x{{variant="{i}"}}'] for i in range(EXPERIMENTS)]
    high = [values[f'experiment:rate_upper:x{{variant="{i}"}}'] for i in range(EXPERIMENTS)]
    held = [one <= rate <= other for one, rate, other in zip(low, rates, high, strict=True)]
    assert 0.93 <= sum(held) / EXPERIMENTS <= 0.97


@pytest.mark.parametrize(
    ("users", "control", "variant"),
    [(100, 0.2, 0.2), (300, 0.1, 0.13), (1000, 0.03, 0.02), (2000, 0.5, 0.55)],
)
def test_the_interval_of_a_difference_holds_the_truth_in_95_of_100_experiments(
    rules: RecordedRules, users: int, control: float, variant: float
) -> None:
    shortened, held = rules.until("experiment:difference_upper:x"), 0
    for pair in zip(_drawn(users, control, 2), _drawn(users, variant, 3), strict=True):
        values = shortened.values(series({"c": (users, pair[0]), "t": (users, pair[1])}))
        low = values['experiment:difference_lower:x{variant="t"}']
        held += low <= variant - control <= values['experiment:difference_upper:x{variant="t"}']
    assert 0.93 <= held / EXPERIMENTS <= 0.97


def test_with_the_users_needed_a_difference_is_found_in_4_of_5_experiments(rules: RecordedRules) -> None:
    users, better = 3839, 0
    assert rules.values(series({"c": (1000, 100)}))["experiment:users_needed:x"] == users
    shortened = rules.until("experiment:verdict:x")
    for pair in zip(_drawn(users, 0.10, 4), _drawn(users, 0.12, 5), strict=True):
        values = shortened.values(series({"c": (users, pair[0]), "t": (users, pair[1])}))
        better += values['experiment:verdict:x{variant="t"}'] == 1
    assert 0.77 <= better / EXPERIMENTS <= 0.83


def test_who_stops_at_the_first_difference_in_ten_looks_is_wrong_once_in_five() -> None:
    """What the page says of repeated looking, with a test of two rates at each look."""
    looks, users, rate = 10, 400, 0.2
    pairs = [
        stats.binom.rvs(users, rate, size=(EXPERIMENTS, looks), random_state=seed).cumsum(axis=1)
        for seed in (6, 7)
    ]
    seen = [users * (look + 1) for look in range(looks)]
    both = (pairs[0] + pairs[1]) / 2
    error = (2 * both * (seen - both) / seen) ** 0.5
    wrong = (abs(pairs[0] - pairs[1]) / error > stats.norm.ppf(0.975)).any(axis=1)
    assert 0.16 <= wrong.mean() <= 0.23
