"""What dashboards cost the servers they ask."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashgen.doctor.live.live_queries import DashboardView, PanelQuery, panel_queries
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.query_costs import DashboardCost, dashboard_costs, most_expensive, refresh_of
from dashgen.servers.telemetry.results import Cost

SOURCE = {"type": "prometheus", "uid": "prometheus"}


def _dashboard(uid: str, refresh: Any, *panels: list[str]) -> DashboardView:
    listed = [
        {
            "id": number,
            "title": f"Panel {number}",
            "datasource": SOURCE,
            "targets": [{"refId": "ABC"[index], "expr": expr} for index, expr in enumerate(exprs)],
        }
        for number, exprs in enumerate(panels, 1)
    ]
    return DashboardView({"uid": uid, "title": uid.title(), "refresh": refresh, "panels": listed})


VIEWS = [_dashboard("home", "30s", ["rate(a[5m])", "b / a"], ["c"]), _dashboard("rest", "", ["a"])]
QUERIES = panel_queries(VIEWS, datetime(2026, 11, 23, tzinfo=UTC))


def _costs(viewers: int = 1, **more: Any) -> list[DashboardCost]:
    return dashboard_costs(VIEWS, QUERIES, viewers, **more)


def _answer(query: PanelQuery, samples: int | None) -> Answer:
    return Answer(query, rows=1, cost=Cost(samples=samples, seconds=0.5))


def test_queries_a_minute_follow_from_refresh_panels_and_viewers() -> None:
    home, rest = _costs(viewers=10)
    assert (home.queries, home.per_minute, home.samples_per_minute) == (3, 60.0, None)
    assert (rest.queries, rest.per_minute, rest.refresh) == (1, 0.0, None)


def test_samples_are_added_up_where_they_were_measured() -> None:
    answers = [_answer(query, 100) for query in QUERIES if query.dashboard == "home"]
    home, rest = _costs(viewers=2, answers=answers)
    assert home.samples_per_minute == 2 * 2 * 300
    assert (home.panels[0].samples, home.panels[0].seconds) == (200, 1.0)
    assert rest.samples_per_minute is None


def test_the_series_of_a_panel_are_those_of_its_metrics() -> None:
    home, _ = _costs(series_of={"a": 10, "b": 5}.get)
    assert [panel.series for panel in home.panels] == [25, None]


def test_the_most_expensive_panels_come_first() -> None:
    samples = {("home", 1): 10, ("home", 2): 500, ("rest", 1): 900}
    answers = [_answer(query, samples[query.dashboard, query.panel_id]) for query in QUERIES]
    found = most_expensive(_costs(answers=answers), 3)
    assert [(panel.dashboard, panel.panel_id) for _, panel in found] == [
        ("home", 2),
        ("home", 1),
        ("rest", 1),
    ]
    assert [panel.panel_id for _, panel in most_expensive(_costs(), 1)] == [1]


@pytest.mark.parametrize(
    ("written", "seconds"), [("30s", 30), ("1m", 60), ("", None), (False, None), (None, None), ("soon", None)]
)
def test_a_refresh_is_a_duration_or_none(written: object, seconds: float | None) -> None:
    assert refresh_of({"refresh": written}) == seconds
