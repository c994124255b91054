"""Grafana's date mathematics and what it takes for spans, intervals and zones."""

import pytest

from dashgen.model.times import (
    delay_problem,
    ends_before_start,
    interval_problem,
    point_problem,
    range_ends,
    range_problem,
    refresh_problem,
    shift_problem,
    span_of,
    span_problem,
    zone_hint,
    zone_problem,
)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("6h", ("now-6h", "now")), ("6M", ("now-6M", "now")), ("1Q", ("now-1Q", "now")), ("7d/d", ("now-7d/d", "now")),
        ("now-6h", ("now-6h", "now")), ("now/d", ("now/d", "now")), ("now-1d/d", ("now-1d/d", "now")), ("now/fQ", ("now/fQ", "now")),
        ("now-1d/d+9h", ("now-1d/d+9h", "now")), ("now-7d to now-1d", ("now-7d", "now-1d")), ("now-7d/now-1d", ("now-7d", "now-1d")),
        ("now/d to now/d", ("now/d", "now/d")), ("now/d/now/d", ("now/d", "now/d")), ("now - 6h to now", ("now - 6h", "now")),
        ("now-h to now", ("now-h", "now")), ("now to now+1h", ("now", "now+1h")),
        ("2026-01-01 to 2026-01-31", ("2026-01-01", "2026-01-31")), ("2026-01-01/2026-01-31", ("2026-01-01", "2026-01-31")),
        ("2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z", ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z")),
        ("1700000000000 to 1700003600000", ("1700000000000", "1700003600000")),
    ],
)  # fmt: skip
def test_a_time_range_has_two_ends(text: str, ends: tuple[str, str]) -> None:
    assert range_ends(text) == ends
    assert range_problem(text) is None


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("last 6 hours", "write `6h`"), ("6 hours", "write `6h`"), ("30min", "write `30m`"), ("-6h", "write `6h`"), ("6H", "write `6h`"),
        ("yesterday", "write `now-1d/d to now-1d/d`"), ("1h30m", "write `90m`"), ("1.5h", "write `90m`"), ("-1h", "write `1h`"),
        ("now-1h30m to now", "write `now-90m` for `now-1h30m`"), ("now--1h to now", "write `now-1h` for `now--1h`"),
        ("now-1.5h to now", "write `now-90m` for `now-1.5h`"), ("now-1 day to now", "write `now-1d` for `now-1 day`"),
        ("5", "6h"), ("now-5 to now", "one number and one unit"), ("now/d-7 to now", "one number and one unit"), ("soon", "6h"),
        ("now-6h to ", "one number"), ("", "6h"), ("now-2d/2d to now", "one number"), ("2026-13-01 to 2026-14-01", "one number"),
        ("2026-01-01", "6h"), ("now-6h to now-7h", "earlier time first"), ("now to now", "earlier time first"),
        ("2026-02-01 to 2026-01-01", "earlier time first"), ("last week", "now-1w/w"), ("now-6x", "6h"),
        ("now-1d/q to now", "one number"), ("6h to now", "write `now-6h` for `6h`"),
    ],
)  # fmt: skip
def test_what_is_no_time_range_says_what_to_write(text: str, write: str) -> None:
    problem = range_problem(text)
    assert problem is not None
    assert write in problem[1]


@pytest.mark.parametrize(
    "point", ["now", "now-6h", "now+1d/d", "now/w", "now-1Q/fQ", "2026-01-01", "2026-01-01 10:00:00"]
)
def test_an_end_of_a_range_is_date_mathematics_or_a_date(point: str) -> None:
    assert point_problem(point) == ""


@pytest.mark.parametrize(
    "point", ["", "6h", "now-", "now-1", "now-6hours", "now/", "now/2d", "now-1ms", "now6h", "2026", "today"]
)
def test_anything_else_is_no_end_of_a_range(point: str) -> None:
    assert point_problem(point)


@pytest.mark.parametrize("span", ["7d", "1M", "now/d", "now/fy", "now-7d", "$span", "1d/d", "12h", "+7d"])
def test_a_panel_has_its_own_time(span: str) -> None:
    assert span_problem(span) == ""


@pytest.mark.parametrize(
    "span",
    ["7 days", "1h30m", "soon", "-1w", "now", "now-1h30m", "5", "5min", "500ms", "", "+", "+ 7 days", "++7d"],
)
def test_what_describes_no_span_is_invalid_time(span: str) -> None:
    assert span_problem(span)


@pytest.mark.parametrize(("shift", "ok"), [("1w", True), ("1d/d", True), ("$x", True), ("-1w", False), ("soon", False), ("now-1w", False)])  # fmt: skip
def test_a_shift_is_a_span(shift: str, ok: bool) -> None:
    assert (shift_problem(shift) == "") is ok


@pytest.mark.parametrize(
    ("interval", "ok"),
    [("1m", True), ("15s", True), ("500ms", True), (">10s", True), ("$step", True), ("${step}", True), ("60", True), ("1M", True),
     ("5min", False), ("1 m", False), ("1m30s", False), ("1.5h", False), ("-1m", False), ("", False), ("m", False)],
)  # fmt: skip
def test_an_interval_is_one_number_and_one_unit(interval: str, ok: bool) -> None:
    assert (interval_problem(interval) == "") is ok


@pytest.mark.parametrize(("refresh", "ok"), [("", True), ("auto", True), ("5s", True), ("1m30s", True), ("5min", False), ("off", False)])  # fmt: skip
def test_a_dashboard_reloads_at_an_interval(refresh: str, ok: bool) -> None:
    assert (refresh_problem(refresh) == "") is ok


@pytest.mark.parametrize(
    ("delay", "ok"), [("1m", True), ("30s", True), ("", False), ("1 m", False), ("500ms", False)]
)
def test_now_is_delayed_by_a_span(delay: str, ok: bool) -> None:
    assert (delay_problem(delay) == "") is ok


@pytest.mark.parametrize(
    ("zone", "hint"),
    [("Europe/Berln", "did you mean `Europe/Berlin`?"), ("Berlin", "did you mean `Europe/Berlin`?"), ("CEST", "did you mean"),
     ("UTC+4", "UTC"), ("nowhere at all", "`Europe/Berlin`"), ("New York", "did you mean `America/New_York`?")],
)  # fmt: skip
def test_what_is_no_zone_says_so(zone: str, hint: str) -> None:
    assert zone_problem(zone)
    assert hint in zone_hint(zone)


@pytest.mark.parametrize("zone", ["", "browser", "utc", "UTC", "Asia/Dubai", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+4", "EST", "US/Pacific"])  # fmt: skip
def test_the_zones_of_the_database_are_known(zone: str) -> None:
    assert zone_problem(zone) == ""


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [("now-6h", "now", False), ("now", "now-6h", True), ("now-1d", "now-24h", True), ("now/d", "now-6h", False), ("2026-01-01", "now", False)],
)  # fmt: skip
def test_only_what_surely_ends_before_its_start_is_wrong(start: str, end: str, wrong: bool) -> None:
    assert ends_before_start(start, end) is wrong


@pytest.mark.parametrize(
    ("text", "span"),
    [("last 6 hours", "6h"), ("past 2 weeks", "2w"), ("1h30m", "90m"), ("1d12h", "36h"), ("90 minutes", "90m"), ("2 h", "2h"), ("6 hours ago", "6h"),
     ("3 months", "3M"), ("x", ""), ("5", ""), ("5 parsecs", ""), ("0.1s", "")],
)  # fmt: skip
def test_what_people_write_for_a_span_is_understood(text: str, span: str) -> None:
    assert span_of(text) == span
