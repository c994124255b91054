"""One line of an exposition that holds a value."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern

_NAME: Final = lazy_pattern(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL: Final = lazy_pattern(r"[a-zA-Z_][a-zA-Z0-9_]*")
_SPACE: Final = lazy_pattern(r"[ \t]*")
_QUOTED: Final = lazy_pattern(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE: Final = lazy_pattern(r"\\(.)")
_VALUE: Final = lazy_pattern(r"[ \t]*(\S+)(?:[ \t]+(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))?[ \t]*(?:#.*)?$")
_UNESCAPED: Final = {"n": "\n", "\\": "\\", '"': '"'}


class LineError(ValueError):
    """A line that is not well-formed; its text is the reason."""


class Sample(Struct, frozen=True):
    """A value: the name of its series, its labels, and the number."""

    name: str
    labels: Mapping[str, str]
    value: float


def read_sample(line: str) -> Sample:
    """Read a line such as ``queries_total{status="error"} 7 1700000000``.

    Raises:
        LineError: when it is not one.
    """
    name, at = "", 0
    if name_match := _NAME.match(line):
        name, at = name_match.group(), name_match.end()
    at = _after_space(line, at)
    labels: dict[str, str] = {}
    if line[at : at + 1] == "{":
        quoted, at = _read_labels(line, at + 1, labels)
        if name and quoted:
            raise LineError(f"the series has two names, `{name[:80]}` and `{quoted[:80]}`")
        name = name or quoted
    if not name:
        raise LineError("the line does not start with the name of a metric")
    return Sample(name, labels, _value(line[at:]))


def _value(rest: str) -> float:
    if not (value_match := _VALUE.match(rest)):
        raise LineError("the line has no value after the name and its labels")
    text = value_match[1]
    try:
        # Python takes `1_000` for a number, and Prometheus does not.
        return float("" if "_" in text else text)
    except ValueError:
        raise LineError(f"`{text[:40]}` is not a number") from None


def _read_labels(line: str, at: int, labels: dict[str, str]) -> tuple[str, int]:
    """Read labels up to the closing brace.

    Returns:
        The name of the series, which since Prometheus 3 may be quoted among the labels, and the position
        after the brace.
    """
    quoted_name = ""
    while True:
        at = _after_space(line, at)
        if line[at : at + 1] == "}":
            return quoted_name, at + 1
        label, at, quoted = _label(line, at)
        at = _after_space(line, at)
        if quoted and line[at : at + 1] in (",", "}"):
            quoted_name = label
        else:
            if line[at : at + 1] != "=":
                raise LineError(f"the label `{label[:80]}` has no value")
            value, at = _text(line, _after_space(line, at + 1))
            if label in labels:
                raise LineError(f"duplicate label `{label[:80]}`")
            labels[label] = value
        at = _after_space(line, at)
        if line[at : at + 1] == ",":
            at += 1
        elif line[at : at + 1] != "}":
            raise LineError("there is no comma or `}` after a label")


def _label(line: str, at: int) -> tuple[str, int, bool]:
    if line[at : at + 1] == '"':
        return *_text(line, at), True
    if label_match := _LABEL.match(line, at):
        return label_match.group(), label_match.end(), False
    raise LineError("the labels are not closed by `}`" if at >= len(line) else "a label has no name")


def _text(line: str, at: int) -> tuple[str, int]:
    if not (text_match := _QUOTED.match(line, at)):
        raise LineError("a label's value is not a text in quotes")
    return unescaped(text_match[1]), text_match.end()


def unescaped(text: str) -> str:
    r"""A text without its escapes: ``\n``, ``\\`` and ``\"``. Any other backslash stays."""
    return _ESCAPE.sub(lambda match: _UNESCAPED.get(match[1], match[0]), text) if "\\" in text else text


def _after_space(line: str, at: int) -> int:
    space_match = _SPACE.match(line, at)
    return space_match.end() if space_match else at
