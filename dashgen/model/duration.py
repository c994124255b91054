"""Durations as Prometheus, Loki and Grafana's alerting read them: units from large to small, each once.

Source: ``ParseDuration`` of github.com/prometheus/common/model/time.go, and ``ParseDuration`` of Go's time
package.
"""

from dashgen.core.lazy_pattern import lazy_pattern

_UNITS = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
_LARGEST_FIRST = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))
_PART = lazy_pattern(r"([0-9]+)([^0-9]*)")
_LENIENT_PART = lazy_pattern(r"(\d+(?:\.\d+)?)(ms|[smhdwy])")
_GO_PART = lazy_pattern(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")
DURATION_HINT = "write units from large to small, each once, such as `1h30m`"


class DurationError(ValueError):
    """A text is not a duration; the message says why in the words of the server."""


def milliseconds(text: str) -> int | None:
    """The length of a duration; None when Prometheus would not read it."""
    try:
        return _length(text)
    except DurationError:
        return None


def duration_problem(text: str) -> str:
    """Why a text is not a duration; empty when it is one."""
    try:
        _length(text)
    except DurationError as error:
        return str(error)
    return ""


def whole_seconds(text: str, default: int = 0) -> int:
    """The length of a duration in seconds, rounded up."""
    length = milliseconds(text)
    return default if length is None else -(-length // 1000)


def lenient_seconds(text: str) -> float | None:
    """The length of a duration with fractions and units in any order, as files of others have it.

    None for other texts.
    """
    parts = list(_LENIENT_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        return None
    return sum((float(part[1]) * (_UNITS[part[2]] / 1000) for part in parts), 0.0)


def duration_text(length: int) -> str:
    """Milliseconds as Prometheus writes a duration: ``90000`` is ``1m30s``."""
    if not length:
        return "0s"
    text = ""
    for unit, size in _LARGEST_FIRST:
        count, length = divmod(length, size)
        text += f"{count}{unit}" if count else ""
    return text


def one_unit(length: int, zero: str = "s") -> str:
    """Milliseconds as a person writes them, in the largest unit that leaves no rest: ``90000`` is ``90s``."""
    unit, size = next(
        ((unit, size) for unit, size in _LARGEST_FIRST if length and length % size == 0), (zero, 1)
    )
    return f"{length // size}{unit}"


def is_go_duration(text: str) -> bool:
    """Whether Go's own duration parser takes the text (`1h`, `1.5m`, `300ms`; no days)."""
    rest = text.removeprefix("-")
    return bool(rest) and (rest == "0" or _GO_PART.sub("", rest) == "")


def _length(text: str) -> int:
    if not text:
        raise DurationError("empty duration string")
    if text == "0":
        return 0  # the only length without a unit
    total, position, last = 0, 0, float("inf")
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or not part[2]:
            raise DurationError(f'not a valid duration string: "{text}"')
        size = _UNITS.get(part[2])
        if size is None:
            raise DurationError(f'unknown unit "{part[2]}" in duration "{text}"')
        # Units fall from large to small, each once: `1m1h` and `1h1h` are none.
        if size >= last:
            raise DurationError(f'not a valid duration string: "{text}"')
        total, position, last = total + int(part[1]) * size, part.end(), size
    return total
