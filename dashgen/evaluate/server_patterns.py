"""Regular expressions of the servers as Python's. Source: https://github.com/google/re2/wiki/Syntax."""

import re
from functools import cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

_CLASSES: Final = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ", "upper": "A-Z", "word": r"0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_CLASS: Final = lazy_pattern(r"\[:(\w+):\]")
_QUOTED: Final = lazy_pattern(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_FOREIGN: Final = lazy_pattern(r"\\[pPC]|\(\?[imsU]*U|\[:\^")
_REFERENCE: Final = lazy_pattern(r"\$(?:\{(\w+)\}|(\w+)|\$)", re.ASCII)
_FLAGS: Final = lazy_pattern(r"(?<!^)\(\?([ims]+)\)")


class ForeignPatternError(ValueError):
    """A regular expression uses what only RE2 has."""


@cache
def server_pattern(pattern: str) -> "re.Pattern[str]":
    """The compiled pattern; ``.`` matches ends of lines, as in matchers of Prometheus 3 and Loki.

    Raises:
        ForeignPatternError: Python has no equivalent.
    """
    if _FOREIGN.search(pattern) or _FLAGS.search(pattern):
        raise ForeignPatternError(f"the regular expression `{pattern}`")
    text = _QUOTED.sub(lambda match: re.escape(match[1]), pattern)
    text = _CLASS.sub(lambda match: _CLASSES.get(match[1], ""), text)
    text = text.replace(r"\z", r"\Z").replace("(?<", "(?P<")
    try:
        return re.compile(text, re.ASCII | re.DOTALL)
    except re.error:
        raise ForeignPatternError(f"the regular expression `{pattern}`") from None


def expanded(template: str, match: "re.Match[str]") -> str:
    """A replacement with `$1` and `${name}`, as Go's ``Regexp.Expand`` reads it; unknown groups are empty."""

    def group(reference: "re.Match[str]") -> str:
        if reference[0] == "$$":
            return "$"
        name = reference[1] or reference[2]
        if name.isdigit():
            return (match[int(name)] or "") if int(name) <= match.re.groups else ""
        return (match[name] or "") if name in match.re.groupindex else ""

    return _REFERENCE.sub(group, template)
