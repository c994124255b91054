"""Regular expressions of queries and templates on made-up texts."""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.re2_patterns import re2_pattern

_REFERENCE: Final = lazy_pattern(r"\$(?:\{(\w+)\}|(\w+)|\$)", re.ASCII)


class ForeignPatternError(ValueError):
    """A regular expression uses what only RE2 has."""


def server_pattern(pattern: str) -> "re.Pattern[str]":
    """The compiled pattern; ``.`` matches ends of lines, as in matchers of Prometheus 3 and Loki.

    Raises:
        ForeignPatternError: Python has no equivalent.
    """
    compiled = re2_pattern(f"(?s:{pattern})")
    if compiled is None:
        raise ForeignPatternError(f"the regular expression `{pattern}`")
    return compiled


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
