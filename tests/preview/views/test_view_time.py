"""The times that dashboards and panels show, and their links."""

from typing import Any

import pytest

from dashgen.preview.views.view import View
from dashgen.preview.views.view_links import linked_uid
from dashgen.preview.views.view_time import PRESETS, TimePreset, range_name, time_presets
from tests.preview.views.dashboards import NOW, custom, dashboard, panel, viewed

HOUR = 3_600_000


def _panel(**more: Any) -> Any:
    return next(viewed(dashboard(panel(1, **more), variables=(custom("back", "3h"),))).panels)


@pytest.mark.parametrize(
    ("settings", "time_range", "note"),
    [
        ({}, (NOW - 6 * HOUR, NOW), ""),
        ({"timeFrom": "1h"}, (NOW - HOUR, NOW), "Last 1 hour"),
        ({"timeFrom": "2d"}, (NOW - 48 * HOUR, NOW), "Last 2 days"),
        ({"timeFrom": "$back"}, (NOW - 3 * HOUR, NOW), "Last 3 hours"),
        ({"timeFrom": "+1d"}, (NOW, NOW + 24 * HOUR), "Next 1 day"),
        ({"timeShift": "1d"}, (NOW - 30 * HOUR, NOW - 24 * HOUR), "timeshift -1d"),
        ({"timeFrom": "1h", "timeShift": "1h"}, (NOW - 2 * HOUR, NOW - HOUR), "Last 1 hour timeshift -1h"),
        ({"timeFrom": "1h", "hideTimeOverride": True}, (NOW - HOUR, NOW), ""),
        ({"timeFrom": "soon", "timeShift": "1d"}, (NOW - 6 * HOUR, NOW), "invalid time override"),
        ({"timeShift": "soon"}, (NOW - 6 * HOUR, NOW), "invalid timeshift"),
        ({"timeFrom": "now/d"}, (NOW - 12 * HOUR, NOW), "Today so far"),
        ({"timeFrom": "6M"}, (NOW - 184 * 24 * HOUR, NOW), "Last 6 months"),
        ({"timeShift": "1M"}, (NOW - (31 * 24 + 6) * HOUR, NOW - 31 * 24 * HOUR), "timeshift -1M"),
    ],
)
def test_a_panel_may_have_a_time_of_its_own(
    settings: dict[str, Any], time_range: tuple[int, int], note: str
) -> None:
    shown = _panel(**settings)
    assert (shown.time_range, shown.time_note) == (time_range, note)


def test_a_panels_own_time_counts_only_beside_one_that_moves_along() -> None:
    view = View(time_from=str(NOW - 9 * HOUR), time_to=str(NOW - 8 * HOUR))
    shown = next(viewed(dashboard(panel(1, timeFrom="1h", timeShift="1h")), view).panels)
    assert (shown.time_range, shown.time_note) == ((NOW - 10 * HOUR, NOW - 9 * HOUR), "timeshift -1h")


def test_the_time_of_a_view_wins_and_its_panels_follow() -> None:
    board = viewed(dashboard(panel(1)), View(time_from="now-1h", time_to="now-30m"))
    assert board.context.time_range == (NOW - HOUR, NOW - HOUR // 2)
    assert next(board.panels).time_range == board.context.time_range
    assert board.context_of(next(board.panels)).time_range == board.context.time_range


def test_a_day_begins_where_the_dashboard_is() -> None:
    board = viewed(dashboard(panel(1), time={"from": "now/d", "to": "now/d"}, timezone="Asia/Dubai"))
    # 2026-11-30 12:00 UTC is 16:00 in Dubai, whose day began at 20:00 UTC of the day before.
    assert board.context.time_range == (NOW - 16 * HOUR, NOW + 8 * HOUR - 1)
    assert board.context.zone == "Asia/Dubai"


@pytest.mark.parametrize(
    ("time_from", "settings", "hours"),
    [
        ("now/w", {}, 12),
        ("now/w", {"weekStart": "sunday"}, 36),
        ("now/w", {"weekStart": "saturday"}, 60),
        ("now/fy", {"fiscalYearStartMonth": 10}, 12 + 29 * 24),
        ("now/fQ", {"fiscalYearStartMonth": 1}, 12 + 29 * 24),
        ("now/Q", {}, 12 + 60 * 24),
    ],
)
def test_weeks_and_fiscal_years_begin_where_the_dashboard_has_it(
    time_from: str, settings: dict[str, Any], hours: int
) -> None:
    # 2026-11-30 is a Monday.
    board = viewed(dashboard(time={"from": time_from, "to": "now"}, **settings))
    assert board.context.time_range[0] == NOW - hours * HOUR


@pytest.mark.parametrize("zone", ["", "browser", "utc", "Nowhere/There"])
def test_a_zone_that_nobody_knows_is_utc(zone: str) -> None:
    board = viewed(dashboard(time={"from": "now/d", "to": "now"}, timezone=zone))
    assert (board.context.time_range[0], board.context.zone) == (NOW - 12 * HOUR, "UTC")


def test_a_picker_lists_its_own_ranges_or_grafanas() -> None:
    assert time_presets({}) == PRESETS
    assert len(PRESETS) == 36
    assert PRESETS[0] == TimePreset("now-5m", "now", "Last 5 minutes")
    assert PRESETS[-3] == TimePreset("now/fQ", "now", "This fiscal quarter so far")
    own = {"timepicker": {"quick_ranges": [{"from": "now-8h", "to": "now", "display": "A shift"}]}}
    assert time_presets(own) == (TimePreset("now-8h", "now", "A shift"),)


@pytest.mark.parametrize(
    ("url", "uid"),
    [
        ("/d/shop/our-shop?from=now-1h", "shop"),
        ("d/shop", "shop"),
        ("https://grafana.example.com/sub/d/shop-2/x", "shop-2"),
        ("https://example.com/docs/x", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_of_a_dashboard_has_its_uid(url: str, uid: str) -> None:
    assert linked_uid(url) == uid


def test_links_of_a_dashboard_have_their_variables_filled() -> None:
    links = [
        {
            "type": "link", "title": "To $tier", "url": "/d/shop?var-tier=${tier}", "keepTime": True,
            "targetBlank": True,
        },
        {"type": "dashboards", "title": "More", "tags": ["a", 7], "asDropdown": True, "includeVars": True},
    ]  # fmt: skip
    board = viewed(dashboard(links=links, variables=(custom("tier", "free,pro"),)))
    to, more = board.links
    assert (to.title, to.url, to.uid, to.keeps_time, to.opens_new) == (
        "To free", "/d/shop?var-tier=free", "shop", True, True,
    )  # fmt: skip
    assert (more.tags, more.is_dropdown, more.keeps_variables, more.url) == (("a",), True, True, "")


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("now-24h", "now", "Last 24 hours"),
        ("now/d", "now/d", "Today"),
        ("now-7h", "now", "Last 7 hours"),
        ("now-7d", "now-1d", "now-7d to now-1d"),
        ("2026-11-01", "now", "2026-11-01 to now"),
        ("now-8h", "now", "A shift"),
    ],
)
def test_a_range_has_the_name_of_its_preset_or_of_its_length(start: str, end: str, name: str) -> None:
    presets = (TimePreset("now-8h", "now", "A shift"), *PRESETS)
    assert range_name(presets, start, end) == name
