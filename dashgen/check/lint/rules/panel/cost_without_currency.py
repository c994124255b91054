"""A panel shows money without a currency.

`128` under "Cost" may be dollars, cents or thousands of euros.

Write the unit, such as `currencyUSD`.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.check.lint.unit_families import PLAIN
from dashgen.core.lazy_pattern import lazy_pattern

_NUMERIC = frozenset(("timeseries", "stat", "gauge", "bargauge", "barchart", "piechart"))
_MONEY = lazy_pattern(r"\b(costs?|spend(?:ing)?|revenue|MRR|price|bill)\b", re.IGNORECASE)
_OTHER = lazy_pattern(
    r"\bper (?:dollar|euro|\$)|efficien|share|ratio|%|percent|tokens?\b|requests?\b|queries\b", re.IGNORECASE
)


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Cost of models
        query: sum(rate(http_requests_total[5m])) * 0.02
    """,
    good="""
        title: Cost of models
        query: sum(rate(http_requests_total[5m])) * 0.02
        unit: currencyUSD
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a title about money and a plain number."""
    if panel.type not in _NUMERIC or panel.unit not in PLAIN or not panel.queries:
        return
    if panel.overrides_any("unit"):
        return
    if _MONEY.search(panel.title) and not _OTHER.search(panel.title):
        message = f"{panel.words} shows money without a currency"
        yield panel.problem(message, "unit", hint="write the unit, such as `currencyUSD`")
