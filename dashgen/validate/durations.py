"""Durations as Prometheus, Loki and Grafana's alerting read them: `1h30m`, `90s`, `0`."""

import re

_MILLISECONDS = {
    "y": 31_536_000_000,
    "w": 604_800_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
_PART = re.compile(r"([0-9]+)([^0-9]*)")
_GO_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")


class DurationError(ValueError):
    """A text is no duration; the message says why in the words of the server."""


def milliseconds(text: str) -> int:
    """The length of a duration.

    Raises:
        DurationError: it is not a duration.
    """
    if not text:
        raise DurationError("empty duration string")
    if text == "0":
        return 0
    total, position, last = 0, 0, float("inf")
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or not part[2]:
            raise DurationError(f'not a valid duration string: "{text}"')
        size = _MILLISECONDS.get(part[2])
        if size is None:
            raise DurationError(f'unknown unit "{part[2]}" in duration "{text}"')
        if size >= last:
            raise DurationError(f'not a valid duration string: "{text}"')
        total, position, last = total + int(part[1]) * size, part.end(), size
    return total


def duration_problem(text: str) -> str:
    """Why a text is not a duration; empty when it is one."""
    try:
        milliseconds(text)
    except DurationError as error:
        return str(error)
    return ""


def is_go_duration(text: str) -> bool:
    """Whether Go's own duration parser takes the text (`1h`, `1.5m`, `300ms`; no days)."""
    rest = text.removeprefix("-")
    return bool(rest) and (rest == "0" or _GO_PART.sub("", rest) == "")
