"""Read the series of unit tests as promtool does: labels, and values in a short notation.

Source: ``ParseSeriesDesc`` in Prometheus' ``promql/parser/parse.go`` and ``generated_parser.y`` (3.14).
"""

from itertools import repeat
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.query_texts import unquoted

STALE: Final = float("nan")
"""The marker of a series that ended; it is compared by identity, as other NaN are values."""

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL_NAME = r'(?:[a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\]|\\.)*")'
_TEXT = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
_METRIC = lazy_pattern(_NAME)
_BRACES = lazy_pattern(r"\s*\{\s*")
_MATCHER = lazy_pattern(rf"({_LABEL_NAME})\s*(=~|!~|!=|=)\s*({_TEXT})\s*")
_QUOTED_NAME = lazy_pattern(r'"(?:[^"\\]|\\.)+"\s*')
# Underscores between digits are read since Prometheus 3.
_DIGITS = r"[0-9](?:_?[0-9])*"
_EXPONENT = rf"(?:[eE][+-]?{_DIGITS})?"
_NUMBER = rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?{_EXPONENT}|\.{_DIGITS}{_EXPONENT}|[iI]nf|[nN]a[nN])"
_HISTOGRAM = r"\{\{[^{}]*\}\}"
_VALUE = lazy_pattern(
    rf"_(?:x[0-9]+)?|stale|[+-]?{_NUMBER}(?:(?:[+-]{_NUMBER})?x[0-9]+)?"
    rf"|{_HISTOGRAM}(?:(?:[+-]{_HISTOGRAM})?x[0-9]+)?"
)
_STEPS = lazy_pattern(rf"([+-]?{_NUMBER})(?:([+-]{_NUMBER})?x([0-9]+))?")
_TIMES = lazy_pattern(r"x([0-9]+)$")
_MOST_DIGITS = 7
_WORD = lazy_pattern(r"\{\{[^{}]*\}\}\S*|\S+")
VALUES_HINT = (
    "write `5`, `5x10` (ten times more), `0+20x10` (growing by 20), `_` (missing) or `stale`, with spaces"
)


class NotationFault(NamedTuple):
    """An error in a text: a message, a hint, and its offset."""

    message: str
    hint: str
    offset: int


def series_fault(text: str) -> NotationFault | None:
    """The first error in the labels of a series, such as ``up{job="a"}``; None when promtool accepts them."""
    start = match.end() if (match := _METRIC.match(text)) else 0
    if start == len(text):
        return None if text else NotationFault("a series needs a name", 'write it as `up{job="a"}`', 0)
    opening = _BRACES.match(text, start)
    if opening is None:
        return NotationFault("this is not the name of a series", 'write it as `up{job="a"}`', start)
    position = opening.end()
    if text[position:] == "}" and not start:
        return NotationFault("a series needs a name or labels", 'write it as `up{job="a"}`', 0)
    # The name may be a quoted string in the braces: `{"a metric", job="a"}`.
    quoted = _QUOTED_NAME.match(text, position)
    if quoted and text[quoted.end() : quoted.end() + 1] in {",", "}"}:
        position = _behind_comma(text, quoted.end())
    return _labels_fault(text, position)


def _behind_comma(text: str, position: int) -> int:
    """The position after a comma and the spaces that follow it; the same position when there is no comma."""
    if text[position] != ",":
        return position
    return len(text) - len(text[position + 1 :].lstrip())


def _labels_fault(text: str, position: int) -> NotationFault | None:
    while position < len(text) and text[position] != "}":
        matcher = _MATCHER.match(text, position)
        if matcher is None:
            return NotationFault("a label needs a name, `=` and a quoted value", 'write `job="a"`', position)
        if matcher[2] != "=":
            message = f"a series has one value per label, so `{matcher[2]}` selects nothing here"
            return NotationFault(message, "use `=`", matcher.start(2))
        position = matcher.end()
        if text[position : position + 1] == ",":
            position = _behind_comma(text, position)
        elif text[position : position + 1] not in {"}", ""}:
            return NotationFault("labels are separated by commas", "add a comma", position)
    if position >= len(text):
        return NotationFault("the brace of the labels is not closed", "add `}`", len(text) - 1)
    if text[position + 1 :].strip():
        return NotationFault("there is more text behind the labels", "remove it", position + 1)
    return None


def values_fault(text: str) -> NotationFault | None:
    """The first error in the values of a series, such as ``0+20x10 _ stale``; None without one."""
    for word in _WORD.finditer(text):
        if _VALUE.fullmatch(word[0]) is None:
            return NotationFault(f"`{word[0]}` is not a value of a series", VALUES_HINT, word.start())
        if (times := _TIMES.search(word[0])) and len(times[1]) >= _MOST_DIGITS:
            message = f"`{word[0]}` makes more values than a test can have"
            return NotationFault(message, "repeat it less often", word.start())
    return None if text.strip() else NotationFault("a series needs values", VALUES_HINT, 0)


def series_labels(text: str) -> dict[str, str]:
    """The labels of a series without a fault, the metric's name as ``__name__``."""
    start = match.end() if (match := _METRIC.match(text)) else 0
    labels = {"__name__": text[:start]} if start else {}
    position = opening.end() if (opening := _BRACES.match(text, start)) else len(text)
    quoted = _QUOTED_NAME.match(text, position)
    if quoted and text[quoted.end() : quoted.end() + 1] in {",", "}"}:
        labels["__name__"] = unquoted(quoted[0].strip())
        position = quoted.end()
    for matcher in _MATCHER.finditer(text, position):
        name = unquoted(matcher[1]) if matcher[1].startswith('"') else matcher[1]
        labels[name] = unquoted(matcher[3])
    return labels


def has_histograms(text: str) -> bool:
    """Whether some of a series' values are native histograms."""
    return "{{" in text


def series_values(text: str) -> list[float | None]:
    """The values of a series in which `values_fault` sees nothing wrong; None where one is missing."""
    values: list[float | None] = []
    for word in text.split():
        if word == "stale":
            values.append(STALE)
        elif word.startswith("_"):
            values += repeat(None, int(word[2:]) if word != "_" else 1)
        elif steps := _STEPS.fullmatch(word):
            first, step, times = float(steps[1]), float(steps[2] or 0), int(steps[3] or 0)
            values += [first + step * number for number in range(times + 1)]
    return values
