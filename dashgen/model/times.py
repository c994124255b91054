"""Times as Grafana reads them: date mathematics, time ranges, spans back from now, intervals, and time zones.

Sources, all of @grafana/data 12.4.3: ``toDateTime`` and ``parseDateMath`` of datetime/datemath.ts (one number
and one unit after each sign, rounding by one unit after ``/``), ``describeTextRange`` and
``describeInterval`` of datetime/rangeutil.ts, ``getTimeZones`` of datetime/timezones.ts; how a panel's own
time is used is in public/app/features/dashboard-scene/scene/panel-timerange/PanelTimeRange.tsx.
"""

import re
from datetime import datetime

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.zones import ZONES

_MATH = r"(?:[-+](?:\d{1,9})?[yMwdhmsQ]|/1?(?:[yMwdhmsQ]|f[yQ]))"
_NOW = lazy_pattern(rf"now{_MATH}*")
_SPAN = lazy_pattern(rf"\d{{1,9}}[yMwdhmsQ]{_MATH}*")
_ROUNDED = lazy_pattern(r"now/(?:[dwMy]|f[yQ])")
_INTERVAL = lazy_pattern(r">?\d+(?:ms|[smhdwMy])?")
_REFRESH = lazy_pattern(r"(?:\d+(?:ms|[smhdwMy]))+")
_DATE = lazy_pattern(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[-+]\d{2}:?\d{2})?")
_EPOCH = lazy_pattern(r"\d{10}|\d{13}")
_PARTS = lazy_pattern(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Zµ]+)")
_SECONDS = {"y": 31_536_000, "M": 2_592_000, "w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_UNIT_WORDS = {
    "y": ("y", "yr", "yrs", "year", "years"),
    "M": ("M", "mo", "mon", "month", "months"),
    "w": ("w", "wk", "week", "weeks"),
    "d": ("d", "day", "days"),
    "h": ("h", "H", "hr", "hrs", "hour", "hours"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "s": ("s", "sec", "secs", "second", "seconds"),
}
_UNITS = {spelling: unit for unit, spellings in _UNIT_WORDS.items() for spelling in spellings}
_NAMED = {
    "today": "now/d to now/d", "yesterday": "now-1d/d to now-1d/d", "this week": "now/w to now/w",
    "last week": "now-1w/w to now-1w/w", "this month": "now/M to now/M", "last month": "now-1M/M to now-1M/M",
    "this year": "now/y to now/y", "last year": "now-1y/y to now-1y/y", "today so far": "now/d to now",
    "now": "now-5m to now",
}  # fmt: skip
SPAN_EXAMPLE = "6h"
USERS_ZONE = "default"
"""A spec's word for the zone that each user or organisation has chosen; in Grafana's JSON it is empty."""
_NO_ZONES = ("", "browser", "utc")


def point_problem(text: str) -> str:
    """Why a text is not the end of a time range; empty when it is one: date mathematics, or a date."""
    plain = "".join(text.split())
    if text.startswith("now"):
        return "" if _NOW.fullmatch(plain) else f"`{text}` is not date mathematics that Grafana reads"
    if _EPOCH.fullmatch(text) or (_DATE.fullmatch(text) and _is_date(text)):
        return ""
    return f"`{text}` is neither a date nor starts with `now`"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def range_ends(text: str) -> tuple[str, str] | None:
    """The ends of a time range as a spec writes it; None when it is none.

    Forms: ``6h`` back from now, ``now-7d to now-1d``, ``now-7d/now-1d``, and one end such as ``now/d``, which
        ends now.
    """
    whole = text.strip()
    start, to, end = whole.partition(" to ")
    if to:
        pairs = [(start.strip(), end.strip())]
    elif _EPOCH.fullmatch(whole) or _DATE.fullmatch(whole):
        return None
    elif whole and not point_problem(whole):
        return whole, "now"
    elif _SPAN.fullmatch(whole):
        return f"now-{whole}", "now"
    else:
        # A slash separates the ends, and rounds them: `now-1d/d/now/d` is tried at each of its slashes.
        slashes = [at for at, character in enumerate(whole) if character == "/"]
        pairs = [(whole[:at].strip(), whole[at + 1 :].strip()) for at in slashes]
    return next((pair for pair in pairs if not any(map(point_problem, pair))), None)


def range_problem(text: str) -> tuple[str, str] | None:
    """Why a text is not a time range of a spec, and what to write; None when it is one."""
    ends = range_ends(text)
    if ends is None:
        return f"`{text}` is not a time range", _range_hint(text)
    if ends_before_start(*ends):
        return f"the time range `{text}` ends before it starts", "write the earlier time first"
    return None


def _range_hint(text: str) -> str:
    named = _NAMED.get(" ".join(text.lower().split()))
    if named:
        return f"write `{named}`"
    if " to " in text:
        start, end = text.split(" to ", 1)
        bad = start if point_problem(start.strip()) else end
        return f"write `{_point(bad)}` for `{bad.strip()}`" if _point(bad) else _POINT_HINT
    span = span_of(text)
    return f"write `{span}`" if span else "write for example `6h`, `now/d`, or `now-7d to now-1d`"


_POINT_HINT = (
    "after each sign stands one number and one unit: `now-90m`, `now-1d/d`, `now/w`; "
    "or a date such as `2026-01-31`"
)


def point_hint(text: str) -> str:
    """What to write for an end of a time range."""
    point = _point(text)
    return f"write `{point}`" if point else _POINT_HINT


def _point(text: str) -> str:
    span = span_of(text.strip().removeprefix("now"))
    return f"now-{span}" if span else ""


def ends_before_start(start: str, end: str) -> bool:
    """Whether a range surely ends before it starts: both ends without rounding, or both dates of one form."""
    first, last = _offset(start), _offset(end)
    if first is not None and last is not None:
        return first >= last
    both_dates = _DATE.fullmatch(start) and _DATE.fullmatch(end) and len(start) == len(end)
    return bool(both_dates) and start >= end


def range_seconds(start: str, end: str) -> int | None:
    """The length of a range between two ends without rounding; None for dates and rounded ends."""
    first, last = _offset(start), _offset(end)
    return None if first is None or last is None else last - first


def _offset(text: str) -> int | None:
    """The seconds from now, of date mathematics without rounding."""
    # What rounding and quarters come to depends on the day.
    if not text.startswith("now") or "/" in text or "Q" in text:
        return None
    steps = re.findall(r"([-+])(\d*)([yMwdhms])", "".join(text.split()))
    return sum((-1 if sign == "-" else 1) * int(number or 1) * _SECONDS[unit] for sign, number, unit in steps)


def span_of(text: str) -> str:
    """A span such as ``90m`` for what people write: ``last 6 hours``, ``1h30m``, ``-6h``, ``30min``.

    Empty for the rest.
    """
    span = re.sub(r"^(?:the|in|for|last|past|previous|from|-|\s)+", "", text.strip(), flags=re.IGNORECASE)
    span = re.sub(r"\s*ago$", "", span)
    parts, end = [], 0
    for match in _PARTS.finditer(span):
        # `M` is months and `m` minutes; other capitals are taken for small letters.
        unit = _UNITS.get(match[2]) or _UNITS.get(match[2].lower())
        if unit is None or span[end : match.start()].strip(" ,and"):
            return ""
        parts.append((float(match[1]), unit))
        end = match.end()
    if not parts or span[end:].strip():
        return ""
    if len(parts) == 1 and parts[0][0].is_integer():
        return f"{int(parts[0][0])}{parts[0][1]}"
    return _shortest(sum(number * _SECONDS[unit] for number, unit in parts))


def _shortest(seconds: float) -> str:
    if not seconds or not seconds.is_integer():
        return ""
    unit = next(unit for unit in ("w", "d", "h", "m", "s") if not seconds % _SECONDS[unit])
    return f"{int(seconds) // _SECONDS[unit]}{unit}"


def span_problem(text: str) -> str:
    """Why a text is not a panel's time range from now; empty when it is, or a variable decides.

    A leading `+` is forward: `+7d` are the next seven days (Grafana's `describeTextRange`,
    packages/grafana-data, datetime/rangeutil.ts).
    """
    if "$" in text:
        return ""
    plain = "".join(text.split()).removeprefix("+")
    is_rounded = _ROUNDED.fullmatch(text) or (_NOW.fullmatch(plain) and re.match(r"now[-+]\d", plain))
    return "" if is_rounded or _SPAN.fullmatch(plain) else f"`{text}` is not a time range from now"


def shift_problem(text: str) -> str:
    """Why a text is not a shift of a panel's time; empty when it is one, or a variable decides."""
    return "" if "$" in text or _SPAN.fullmatch("".join(text.split())) else f"`{text}` is not a shift in time"


def interval_problem(text: str) -> str:
    """Why a text is not an interval: one number and one unit; empty when it is one, or a variable decides."""
    return "" if "$" in text or _INTERVAL.fullmatch(text) else f"`{text}` is not an interval"


def refresh_problem(text: str) -> str:
    """Why a text is not an interval of reloading; empty when it is one, ``auto`` or nothing."""
    return "" if text in ("", "auto") or _REFRESH.fullmatch(text) else f"`{text}` is not an interval"


def delay_problem(text: str) -> str:
    """Why a text is not how far back ``now`` is; empty when it is one."""
    return "" if _SPAN.fullmatch(text) else f"`{text}` is not a delay"


def span_hint(text: str, example: str = SPAN_EXAMPLE) -> str:
    """What to write for a span, shift, interval or delay."""
    span = span_of(text.removeprefix("now"))
    return f"write `{span}`" if span else f"write one number and one unit, such as `{example}`"


def zone_problem(zone: str) -> str:
    """Why a text is not a time zone of a dashboard; empty when it is one."""
    plain = zone.strip().lower()
    return "" if plain in _NO_ZONES or plain in _LOWER else f"`{zone}` is not a time zone"


def zone_hint(zone: str) -> str:
    """The time zone that a misspelt one may be."""
    # People name a city without its continent.
    plain = zone.strip().lower().replace(" ", "_")
    city = next((name for name in sorted(ZONES) if name.rsplit("/", 1)[-1].lower() == plain), "")
    if city:
        return f"did you mean `{city}`?"
    return nearest(zone, ZONES) or "write a name such as `Europe/Berlin`, `browser` or `utc`"


_LOWER = frozenset(zone.lower() for zone in ZONES)
