"""The functions of alert texts.

Sources: template/template.go of Prometheus 3.14, pkg/services/ngalert/state/template/funcs.go of Grafana
12.4, and the builtins of Go's text/template/funcs.go (1.24).
"""

import html
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, quote_plus

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.gotemplate.go_values import (
    GoValue,
    Missing,
    RefValue,
    TemplateRunError,
    formatted,
    general,
    is_true,
    number_of,
    printed,
    type_name,
)
from dashgen.evaluate.samples import UnsupportedError
from dashgen.evaluate.server_patterns import expanded, server_pattern

TemplateFunction = Callable[..., GoValue]
_LARGE: Final = ("k", "M", "G", "T", "P", "E", "Z", "Y")
_SMALL: Final = ("m", "u", "n", "p", "f", "a", "z", "y")
_WORD_START: Final = lazy_pattern(r"(?<![\w])[^\W\d_]")
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999; the servers' results for later ones have no meaning."""
_BINARY: Final = ("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")


def _with_prefix(value: float, prefixes: Sequence[str], base: float) -> tuple[float, str]:
    prefix = ""
    for candidate in prefixes:
        if abs(value) < base:
            break
        prefix, value = candidate, value / base
    return value, prefix


def _small(value: float) -> tuple[float, str]:
    prefix = ""
    for candidate in _SMALL:
        if abs(value) >= 1:
            break
        prefix, value = candidate, value * 1000
    return value, prefix


def humanize(value: GoValue) -> str:
    """A number with four digits and a prefix such as `k`."""
    number = number_of(value)
    if not number or not math.isfinite(number):
        return general(number, 4)
    number, prefix = _with_prefix(number, _LARGE, 1000) if abs(number) >= 1 else _small(number)
    return f"{general(number, 4)}{prefix}"


def humanize_1024(value: GoValue) -> str:
    """A number with four digits and a prefix such as `ki`."""
    number = number_of(value)
    if abs(number) <= 1 or not math.isfinite(number):
        return general(number, 4)
    number, prefix = _with_prefix(number, _BINARY, 1024)
    return f"{general(number, 4)}{prefix}"


def humanize_duration(value: GoValue) -> str:
    """Seconds as days, hours, minutes and seconds."""
    number = number_of(value)
    if not math.isfinite(number):
        return general(number, 4)
    if not number:
        return "0s"
    if abs(number) < 1:
        number, prefix = _small(number)
        return f"{general(number, 4)}{prefix}s"
    _refuse_large(number)
    sign, number = ("-" if number < 0 else ""), abs(number)
    minutes, seconds = divmod(int(number), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{sign}{days}d {hours}h {minutes}m {seconds}s"
    if hours:
        return f"{sign}{hours}h {minutes}m {seconds}s"
    return f"{sign}{minutes}m {seconds}s" if minutes else f"{sign}{general(number, 4)}s"


def _refuse_large(number: float) -> None:
    if abs(number) > _LATEST:
        raise UnsupportedError(f"the time {number:g}, beyond the year 9999")


def humanize_percentage(value: GoValue) -> str:
    """A part of 1 as a percentage."""
    return f"{general(number_of(value) * 100, 4)}%"


def humanize_timestamp(value: GoValue) -> str:
    """Seconds after 1970 as a date."""
    number = number_of(value)
    if not math.isfinite(number):
        return general(number, 4)
    _refuse_large(number)
    moment = datetime.fromtimestamp(round(number * 1000) / 1000, UTC)
    fraction = f".{moment.microsecond // 1000:03d}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} +0000 UTC"


def _labels(value: GoValue) -> Mapping[str, GoValue]:
    if isinstance(value, Mapping):
        return value
    raise TemplateRunError(f"`{printed(value)}` is no set of labels")


def _chosen(keeps: Callable[[str, str], bool]) -> TemplateFunction:
    return lambda labels, text: {
        name: value for name, value in _labels(labels).items() if keeps(name, str(text))
    }


def _matches(name: str, pattern: str) -> bool:
    return server_pattern(pattern).search(name) is not None


def index(value: GoValue, *keys: GoValue) -> GoValue:
    """`index`: an element of a map or list; what is not there is empty."""
    for key in keys:
        if isinstance(value, Mapping):
            empty: GoValue = RefValue({}, 0.0) if any(isinstance(v, RefValue) for v in value.values()) else ""
            value = value.get(str(key), empty)
        elif isinstance(value, list | str) and isinstance(key, int):
            if not 0 <= key < len(value):
                raise TemplateRunError(f"the index {key} is out of range")
            value = ord(value[key]) if isinstance(value, str) else value[key]
        else:
            raise TemplateRunError(f"`{printed(value)}` has no elements")
    return value


def _length(value: GoValue) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Mapping | list):
        return len(value)
    raise TemplateRunError(f"`{printed(value)}` has no length")


def _kind(value: GoValue) -> str:
    return type_name(value)


def _equal(value: GoValue, *others: GoValue) -> bool:
    if not others:
        raise TemplateRunError("`eq` needs two values")
    for other in others:
        if _kind(value) != _kind(other) and not isinstance(value, Missing):
            raise TemplateRunError(f"{_kind(value)} and {_kind(other)} cannot be compared")
    return any(value == other for other in others)


def _ordered(compare: Callable[[float, float], bool]) -> TemplateFunction:
    def ordered(one: GoValue, other: GoValue) -> bool:
        if _kind(one) != _kind(other) or not isinstance(one, int | float | str):
            raise TemplateRunError(f"{_kind(one)} and {_kind(other)} cannot be compared")
        return compare(one, other)  # type: ignore[arg-type]  # both have one type

    return ordered


def _sliced(value: GoValue, *bounds: GoValue) -> GoValue:
    limits = [bound for bound in bounds if isinstance(bound, int)]
    if not isinstance(value, str | list) or len(limits) < len(bounds):
        raise TemplateRunError(f"`{printed(value)}` cannot be sliced")
    start, end = (*limits, *(0, len(value))[len(limits) :])[:2]
    return value[start:end]


def _joined(*values: GoValue) -> str:
    """`print`: spaces only between two values that are no texts."""
    parts: list[str] = []
    for number, value in enumerate(values):
        if number and not isinstance(value, str) and not isinstance(values[number - 1], str):
            parts.append(" ")
        parts.append(printed(value))
    return "".join(parts)


def _without(what: str) -> TemplateFunction:
    def refuse(*_: GoValue) -> GoValue:
        raise UnsupportedError(f"the template function `{what}`")

    return refuse


def _port_removed(host: GoValue) -> str:
    name, colon, port = str(host).rpartition(":")
    return name.strip("[]") if colon and port.isdigit() else str(host)


def _domain_removed(host: GoValue) -> str:
    name, colon, port = str(host).partition(":")
    first = name if name.replace(".", "").isdigit() else name.partition(".")[0]
    return f"{first}{colon}{port}"


def _link(kind: int) -> TemplateFunction:
    return lambda expression: f"/graph?g0.expr={quote_plus(str(expression))}&g0.tab={kind}"


def _replaced(pattern: GoValue, replacement: GoValue, text: GoValue) -> str:
    return server_pattern(str(pattern)).sub(lambda match: expanded(str(replacement), match), str(text))


FUNCTIONS: Final[dict[str, TemplateFunction]] = {
    "humanize": humanize,
    "humanize1024": humanize_1024,
    "humanizeDuration": humanize_duration,
    "humanizePercentage": humanize_percentage,
    "humanizeTimestamp": humanize_timestamp,
    "title": lambda text: _WORD_START.sub(lambda match: match[0].upper(), str(text)),
    "toUpper": lambda text: str(text).upper(),
    "toLower": lambda text: str(text).lower(),
    "match": lambda pattern, text: server_pattern(str(pattern)).search(str(text)) is not None,
    "reReplaceAll": _replaced,
    "safeHtml": str,
    "stripPort": _port_removed,
    "stripDomain": _domain_removed,
    "urlQueryEscape": lambda text: quote_plus(str(text)),
    "graphLink": _link(0),
    "tableLink": _link(1),
    "filterLabels": _chosen(lambda name, text: text in name),
    "filterLabelsRe": _chosen(_matches),
    "removeLabels": _chosen(lambda name, text: text not in name),
    "removeLabelsRe": _chosen(lambda name, text: not _matches(name, text)),
    "args": lambda *values: {f"arg{number}": value for number, value in enumerate(values)},
    **{
        name: _without(name)
        for name in (
            "query", "first", "label", "value", "strvalue", "sortByLabel", "pathPrefix", "externalURL",
            "toTime",
            "toDuration", "now", "parseDuration", "mergeLabelValues", "deduplicateLabels", "call", "js",
        )
    },
    "index": index,
    "slice": _sliced,
    "len": _length,
    "not": lambda value: not is_true(value),
    "eq": _equal,
    "ne": lambda one, other: not _equal(one, other),
    "lt": _ordered(lambda one, other: one < other),
    "le": _ordered(lambda one, other: one <= other),
    "gt": _ordered(lambda one, other: one > other),
    "ge": _ordered(lambda one, other: one >= other),
    "print": _joined,
    "println": lambda *values: " ".join(printed(value) for value in values) + "\n",
    "printf": lambda template, *values: formatted(str(template), list(values)),
    "html": lambda *values: (
        html.escape(_joined(*values)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    ),
    "urlquery": lambda *values: quote(_joined(*values), safe="-_.~").replace("%20", "+"),
}  # fmt: skip
"""`and` and `or` are not here: they do not compute what they do not need."""
