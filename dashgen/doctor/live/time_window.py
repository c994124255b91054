"""The time range and the step of a panel's queries, as Grafana computes them.

Sources: `rangeUtil.calculateInterval` in Grafana's packages/grafana-data, `calculateRateInterval` and
`safeInterval` in its Prometheus data source.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from dashgen.doctor.live.query_moments import calendar_of, in_zone_of, moment, seconds
from dashgen.formats.panel_tree import COLUMNS

PAGE_WIDTH: Final = 1600
_DEFAULT: Final = ("now-6h", "now")
_MOST_POINTS: Final = 11_000
_BOUNDS: Final = (
    10, 15, 35, 75, 150, 350, 750, 1500, 3500, 7500, 12_500, 17_500, 25_000, 45_000, 90_000, 210_000, 450_000,
    750_000, 1_050_000, 1_500_000, 2_700_000, 5_400_000, 9_000_000, 16_200_000, 32_400_000, 86_400_000,
    604_800_000, 1_814_400_000, 3_628_800_000,
)  # fmt: skip
_ROUND: Final = (
    1, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000,
    600_000, 900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
    86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000,
)  # fmt: skip


class Window(Struct, frozen=True):
    """A stretch of time in steps, all in seconds; ``scrape`` is how often the data source gets new values."""

    start: float
    end: float
    step: float
    scrape: float = 15.0

    @property
    def length(self) -> float:
        """How long it is."""
        return self.end - self.start

    @property
    def aligned(self) -> tuple[float, float]:
        """Start and end at whole steps, as Grafana sends them to Prometheus."""
        return math.floor(self.start / self.step) * self.step, math.floor(self.end / self.step) * self.step

    @property
    def rate_interval(self) -> float:
        """``$__rate_interval``: never shorter than four scrapes."""
        return max(self.step + self.scrape, 4 * self.scrape)


def window_of(
    dashboard: Mapping[str, Any],
    panel: Mapping[str, Any],
    target: Mapping[str, Any],
    now: datetime,
    scrape: float,
) -> Window:
    """The time range and the step of a target.

    Args:
        dashboard: its JSON, with ``time``.
        panel: the panel's JSON, with its width and its own time settings; variables in it are filled in.
        target: the query's JSON, with its own least step.
        now: the present moment.
        scrape: how often the data source gets new values, in seconds.
    """
    start, end = _span(dashboard, panel, now)
    length = max(end - start, 1.0)
    points = _points(panel)
    own = [interval for item in (panel, target) if (interval := _least(item)) is not None]
    least = max(own, default=scrape)
    step = max(round_interval(length * 1000 / points) / 1000, least, _safe(length))
    return Window(start, end, step, scrape)


def round_interval(length: float) -> int:
    """A length in milliseconds as one of those that Grafana uses."""
    return _ROUND[bisect_right(_BOUNDS, length)]


def interval_text(length: float) -> str:
    """Seconds as Grafana writes ``$__interval``: in the largest unit that divides them."""
    for unit, many in (("y", 31_536_000), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        if length >= many and length % many == 0:
            return f"{length / many:.0f}{unit}"
    return f"{math.floor(length)}s" if length >= 1 else f"{math.ceil(length * 1000)}ms"


def _points(panel: Mapping[str, Any]) -> int:
    own = panel.get("maxDataPoints")
    if isinstance(own, int) and own > 0:
        return own
    grid = panel.get("gridPos")
    width = grid.get("w") if isinstance(grid, dict) else None
    columns = width if isinstance(width, int | float) and 0 < width <= COLUMNS else COLUMNS
    return max(1, int(PAGE_WIDTH * columns // COLUMNS))


def _least(item: Mapping[str, Any]) -> float | None:
    text = item.get("interval") or item.get("step")
    return seconds(text) if isinstance(text, str) else None


def _safe(length: float) -> float:
    """The least step in seconds: Prometheus refuses more than 11,000 points of a series."""
    return math.ceil(length / _MOST_POINTS) if length / _MOST_POINTS > 1 else 0.0


def _span(dashboard: Mapping[str, Any], panel: Mapping[str, Any], now: datetime) -> tuple[float, float]:
    time = dashboard.get("time")
    dashboard_time = time if isinstance(time, dict) else {}
    now = in_zone_of(now, dashboard)
    calendar = calendar_of(dashboard)
    end = moment(str(dashboard_time.get("to", "")), now, end=True, calendar=calendar) or now
    start = moment(str(dashboard_time.get("from", "")), now, calendar=calendar)
    start = start or moment(_DEFAULT[0], now) or now
    own = panel.get("timeFrom")
    # A time of its own counts only where the dashboard's moves along with now.
    is_relative = any("now" in str(dashboard_time.get(key, "now")) for key in ("from", "to"))
    if isinstance(own, str) and own:
        edge = _own(own, now)
        if edge is None:
            return _seconds(start, end)
        if is_relative:
            start, end = min(edge, now), max(edge, now)
    shift = panel.get("timeShift")
    if isinstance(shift, str) and shift:
        edges = moment(f"now-{shift}", start), moment(f"now-{shift}", end, end=True)
        if edges[0] is not None and edges[1] is not None:
            start, end = edges[0], edges[1]
    return _seconds(start, end)


def _seconds(start: datetime, end: datetime) -> tuple[float, float]:
    return start.timestamp(), max(end.timestamp(), start.timestamp() + 1)


def _own(text: str, now: datetime) -> datetime | None:
    """The other end of a panel's own time range; the future one of `+7d`."""
    text = text.strip()
    if text.startswith("+"):
        return moment(f"now{text}", now)
    return moment(text if text.startswith("now") else f"now-{text}", now)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
