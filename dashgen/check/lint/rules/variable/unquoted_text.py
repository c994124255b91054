"""A text that readers type goes into a regular expression as it is.

Who searches for `f(x)` or `1.5` gets an error or wrong lines: brackets and points mean something else there.

Write `${name:regex}`, in backquotes, as its backslashes are no escapes of a string: |~ `${name:regex}`. If
readers are to type regular expressions, say so in the label and ignore the rule.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_REGEX = lazy_pattern(r"(?:=~|!~|\|~)\s*([\"`])(?P<text>(?:\\.|(?!\1).)*)\1")
_PLAIN = lazy_pattern(r"\$(?P<a>\w+)|\$\{(?P<b>\w+)\}|\[\[(?P<c>\w+)\]\]")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Example
        datasource: loki
        variables:
          - {name: search, type: textbox}
        panels:
          - {title: Lines, type: logs, query: '{app="shop"} |~ "(?i)$search"'}
    """,
    good="""
        kind: Dashboard
        title: Example
        datasource: loki
        variables:
          - {name: search, type: textbox}
        panels:
          - {title: Lines, type: logs, query: '{app="shop"} |~ `(?i)${search:regex}`'}
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each text box in a regular expression without a format."""
    if not isinstance(query.owner, LintPanel) or query.language not in ("prometheus", "loki"):
        return
    for regex in _REGEX.finditer(query.text):
        for match in _PLAIN.finditer(regex["text"]):
            name = match["a"] or match["b"] or match["c"]
            variable = query.owner.dashboard.variable(name)
            if variable is not None and variable.type == "textbox":
                message = f"what readers type into `{name}` goes into a regular expression as it is"
                hint = f"write `${{{name}:regex}}` between backquotes"
                yield query.at(regex.start("text") + match.start(), message, hint)
