"""Durations as Prometheus and Grafana read them: units from large to small, each at most once."""

import re

_UNITS = (
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
)
_FORM = re.compile("".join(f"(?:(?P<{unit}>[0-9]+){unit})?" for unit, _ in _UNITS))
DURATION_HINT = "write units from large to small, each once, such as `1h30m`"


def milliseconds(text: str) -> int | None:
    """The length of a duration; None when Prometheus would not read it."""
    match = _FORM.fullmatch(text)
    if match is None or not text:
        return None
    return sum(int(match[unit] or 0) * size for unit, size in _UNITS)


def whole_seconds(text: str, default: int = 0) -> int:
    """The length of a duration in seconds, rounded up."""
    length = milliseconds(text)
    return default if length is None else -(-length // 1000)
