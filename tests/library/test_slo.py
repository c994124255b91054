"""`std/slo` records what was spent of a budget, and alerts on how fast."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.model.library_example import Bump, Curve, LibraryExample, SampleSeries, SampleSpec
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.project.library_project import NOW, sample_data
from tests.library.example_projects import shipped_example

GOOD = 'http_requests_total{service="shop", code="200"}'
BAD = 'http_requests_total{service="shop", code="500"}'
FAST, SLOW = "ShopBurnsBudgetFast", "ShopBurnsBudgetSlowly"


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> list[SettledGroup]:
    return shipped_example("std/slo").inspection(Path(tmp_path_factory.mktemp("slo"))).groups


class Recorded:
    """What the rules of an SLO of 99.5 % made of some hours of requests."""

    def __init__(
        self, groups: list[SettledGroup], series: Mapping[str, SampleSeries], hours: int = 7
    ) -> None:
        sample = SampleSpec(duration=f"{hours}h", interval="1m", series=dict(series))
        self.data = sample_data(LibraryExample(title="", sample=sample), groups)
        self.alerts = {
            one.rule.alert: str(one.queries[0].query.query) for group in groups for one in group.alerts
        }

    def value(self, query: str) -> float | None:
        result: Any = evaluate_promql(query, self.data.store, NOW)
        assert len(result) < 2
        return result[0].value if result else None

    def firing(self) -> set[str]:
        return {name for name, query in self.alerts.items() if self.value(query) is not None}


def requests(rate: float) -> Curve:
    return Curve(level=rate, counter=True)


WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")


def test_a_steady_ratio_is_the_same_in_every_window(groups: list[SettledGroup]) -> None:
    recorded = Recorded(groups, {GOOD: requests(99.8), BAD: requests(0.2)})
    for window in WINDOWS:
        assert recorded.value(f"slo:error_ratio:shop_rate{window}") == pytest.approx(0.002, rel=1e-6)
    assert recorded.value("slo:budget_remaining:shop_ratio") == pytest.approx(0.6)
    assert recorded.value("slo:objective:shop_ratio") == pytest.approx(0.995)
    assert recorded.firing() == set()


def test_every_event_counts_the_same_however_busy_its_hour_was(groups: list[SettledGroup]) -> None:
    # Two busy hours after four quiet ones that failed: most requests were good.
    good = Curve(level=0, counter=True, bumps=[Bump(at="4h", for_="2h", add=90)])
    bad = Curve(level=1, counter=True, bumps=[Bump(at="4h", for_="2h", add=-1)])
    recorded = Recorded(groups, {GOOD: good, BAD: bad}, hours=6)
    exact = 4 * 3600 / (4 * 3600 + 2 * 3600 * 90)
    assert recorded.value("slo:error_ratio:shop_rate30d") == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize(
    "series",
    [{GOOD: requests(50)}, {GOOD: requests(0), BAD: requests(0)}, {GOOD: requests(0)}],
    ids=["no error yet", "no traffic", "neither"],
)
def test_no_error_and_no_traffic_spend_nothing(
    groups: list[SettledGroup], series: dict[str, SampleSeries]
) -> None:
    recorded = Recorded(groups, series)
    assert {recorded.value(f"slo:error_ratio:shop_rate{window}") for window in WINDOWS} == {0}
    assert recorded.value("slo:budget_remaining:shop_ratio") == 1
    assert recorded.firing() == set()


def test_a_night_without_traffic_neither_adds_nor_forgives(groups: list[SettledGroup]) -> None:
    good = Curve(level=0, counter=True, bumps=[Bump(at="0s", for_="2h", add=99)])
    bad = Curve(level=0, counter=True, bumps=[Bump(at="0s", for_="2h", add=1)])
    recorded = Recorded(groups, {GOOD: good, BAD: bad})
    assert recorded.value("slo:error_ratio:shop_rate5m") == 0
    assert recorded.value("slo:error_ratio:shop_rate6h") == pytest.approx(0.01, rel=0.02)
    assert recorded.value("slo:budget_remaining:shop_ratio") == pytest.approx(-1, rel=0.02)


def test_without_metrics_there_is_no_ratio(groups: list[SettledGroup]) -> None:
    recorded = Recorded(groups, {"up": "1x10"}, hours=1)
    assert {recorded.value(f"slo:error_ratio:shop_rate{window}") for window in WINDOWS} == {None}
    assert recorded.firing() == set()


@pytest.mark.parametrize(
    ("burn", "firing"),
    [(0.9, set()), (1.1, {SLOW}), (3.1, {SLOW}), (5.9, {SLOW}), (6.1, {SLOW, FAST}), (15, {SLOW, FAST})],
)
def test_a_lasting_burn_fires_from_the_factors_of_the_workbook(
    groups: list[SettledGroup], burn: float, firing: set[str]
) -> None:
    recorded = Recorded(groups, {GOOD: requests(100 - burn * 0.5), BAD: requests(burn * 0.5)})
    assert recorded.firing() == firing


@pytest.mark.parametrize(
    ("burn", "minutes", "fires"), [(14, 60, False), (15, 60, True), (100, 5, False), (100, 9, True)]
)
def test_a_new_burn_fires_when_two_percent_are_spent(
    groups: list[SettledGroup], burn: float, minutes: int, fires: bool
) -> None:
    def curve(before: float, after: float) -> Curve:
        bump = Bump(at=f"{7 * 60 - minutes}m", for_="1d", add=after - before)
        return Curve(level=before, counter=True, bumps=[bump])

    bad = burn * 0.5
    recorded = Recorded(groups, {GOOD: curve(100, 100 - bad), BAD: curve(0, bad)})
    assert (FAST in recorded.firing()) == fires


def queries(tmp_path: Path, arguments: dict[str, Any]) -> tuple[list[SettledGroup], dict[str, str]]:
    """The rules and the queries of panels of an objective with other arguments."""
    shipped = shipped_example("std/slo")
    changed = replace(shipped.example, with_={**shipped.example.with_, **arguments})
    inspection = shipped._replace(example=changed).inspection(tmp_path)
    panels = [panel for row in inspection.dashboards[0].settled.rows for panel in row.panels]
    return inspection.groups, {panel.key: panel.queries[0].query.query for panel in panels}


def test_the_rest_of_the_budget_lasts_as_long_as_the_pace_of_six_hours_says(tmp_path: Path) -> None:
    groups, panels = queries(tmp_path, {})
    recorded = Recorded(groups, {GOOD: requests(99), BAD: requests(1)})
    recorded.data.store.add({"__name__": "slo:budget_remaining:shop_ratio"}, NOW, 0.5)
    # 1 % of errors spends the budget of 0.5 % twice as fast as allowed: half of it lasts a quarter of the month.
    assert recorded.value(panels["slo-shop-lasts"]) == pytest.approx(30 * 86400 / 4, rel=1e-3)
    quiet = Recorded(groups, {GOOD: requests(99)})
    assert quiet.value(panels["slo-shop-lasts"]) is None
    assert quiet.value(panels["slo-shop-burn"]) == 0


def test_each_value_of_a_label_has_a_budget_and_alerts_of_its_own(tmp_path: Path) -> None:
    by_tier = {
        "errors": 'sum by (tier) (rate(http_requests_total{code=~"5.."}[$window]))',
        "total": "sum by (tier) (rate(http_requests_total[$window]))",
        "labels": {"team": "shop"},
    }
    groups, _ = queries(tmp_path, by_tier)
    series = {
        'http_requests_total{tier="free", code="200"}': requests(90),
        'http_requests_total{tier="free", code="500"}': requests(10),
        'http_requests_total{tier="paid", code="200"}': requests(50),
    }
    store = Recorded(groups, series).data.store
    found: Any = evaluate_promql("slo:error_ratio:shop_rate6h", store, NOW)
    assert {one.labels["tier"]: round(one.value, 6) for one in found} == {"free": 0.1, "paid": 0}
    [alert] = [one for group in groups for one in group.alerts if one.rule.alert == FAST]
    assert alert.labels == {"team": "shop", "severity": "critical"}
    firing: Any = evaluate_promql(str(alert.queries[0].query.query), store, NOW)
    assert [one.labels["tier"] for one in firing] == ["free"]


def test_a_latency_objective_counts_what_is_too_slow(tmp_path: Path) -> None:
    groups = shipped_example("std/slo", 1).inspection(tmp_path).groups
    name = "http_request_duration_seconds"
    series = {
        f'{name}_count{{service="shop"}}': requests(100),
        f'{name}_bucket{{service="shop", le="0.5"}}': requests(97),
        f'{name}_bucket{{service="shop", le="+Inf"}}': requests(100),
    }
    recorded = Recorded(groups, series)
    assert recorded.value("slo:error_ratio:shop_latency_rate28d") == pytest.approx(0.03, rel=1e-6)
    assert recorded.value("slo:budget_remaining:shop_latency_ratio") == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("arguments", "alerts"),
    [
        ({}, [FAST, SLOW]),
        ({"page": False}, [SLOW]),
        ({"ticket": False, "alert": "Orders"}, ["OrdersBurnsBudgetFast"]),
        ({"page": False, "ticket": False}, []),
    ],
)
def test_alerts_can_be_left_out_and_named(
    tmp_path: Path, arguments: dict[str, Any], alerts: list[str]
) -> None:
    groups, _ = queries(tmp_path, arguments)
    assert [one.rule.alert for group in groups for one in group.alerts] == alerts


def test_labels_reach_the_alerts_and_no_series(tmp_path: Path) -> None:
    labels = {"page_labels": {"severity": "page"}, "labels": {"team": "shop"}}
    groups, _ = queries(tmp_path, labels)
    assert [one.labels for group in groups for one in group.alerts] == [
        {"team": "shop", "severity": "page"},
        {"team": "shop", "severity": "warning"},
    ]
    assert {
        tuple(rule.labels) for group in groups for rule in group.rules if isinstance(rule, SettledRecord)
    } == {()}
