r"""A dot in a regular expression stands in a host name or address, where it means any character.

`instance=~"10.0.1.2:.*"` also matches `10.0.142:9100`: the dots of the address are wildcards. It works
until a second host has such a name, and nobody notices when it does.

Write `\\.` in double quotes, `\.` in backquotes, or `=` when one value is meant.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_ADDRESS = lazy_pattern(
    r"(?<![\w\\.])(?:\d{1,3}\.){3}\d{1,3}(?!\w)"
    r"|(?<![\w\\.\])])(?:[a-z][\w-]*\.){1,4}"
    r"(?:com|net|org|io|svc|local|dev)(?![\w.*+?])"
)


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Up
        query: sum(up{instance=~"10.0.1.2:.*"})
    """,
    good=r"""
        title: Up
        query: sum(up{instance=~"10\\.0\\.1\\.2:.*"})
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each host or address in an expression whose dots are not escaped."""
    for selector in query.selectors:
        for matcher in selector.matchers:
            host = _ADDRESS.search(matcher.value) if matcher.is_regex and not matcher.is_open else None
            if host is not None:
                message = f"the dots of `{host[0]}` match any character"
                yield query.at(matcher.value_start + 1, message, "write `\\\\.` for a dot")
