"""A query compares a variable that may have several values with `=`.

Grafana sends `(a|b)` for two values and for `All`, which only a regular expression takes apart. With `=`
nothing is called that, so the panel is empty as soon as somebody chooses a second value.

Write `=~` and `!~`. For specs the build itself finds this.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, LintVariable, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_EQUAL = lazy_pattern(
    r"[\w\"]\s*(?P<operator>!?=)\s*([\"`])(?:\$(?P<a>\w+)|\$\{(?P<b>\w+)\}|\[\[(?P<c>\w+)\]\])\2"
)


@lint_rule(
    presets=[Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        kind: Dashboard
        title: Example
        variables:
          - {name: code, type: custom, values: ['200', '500'], multi: true}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{code="$code"}[5m]))'}
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: code, type: custom, values: ['200', '500'], multi: true}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{code=~"$code"}[5m]))'}
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each matcher with `=` and a variable of several values."""
    owner = query.owner
    if query.language not in ("prometheus", "loki") or not isinstance(owner, LintPanel | LintVariable):
        return
    for match in _EQUAL.finditer(query.text):
        name = match["a"] or match["b"] or match["c"]
        if _may_be_several(name, owner):
            start, end = match.span("operator")
            regex = "=~" if match["operator"] == "=" else "!~"
            message = f"`${name}` may have several values, which `{match['operator']}` compares as one text"
            edits = query.replacing(start, end, regex)
            yield query.at(start, message, f"write `{regex}`", edits)


def _may_be_several(name: str, owner: LintPanel | LintVariable) -> bool:
    """Whether a variable of the dashboard may have several values in the queries of a panel or variable."""
    variable = owner.dashboard.variable(name)
    if variable is None or not (variable.multi or variable.include_all):
        return False
    if isinstance(owner, LintVariable):
        return True
    # A repeated panel has one value in each copy.
    return name not in (owner.repeat, owner.row.repeat if owner.row else "")
