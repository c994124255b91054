"""Which percentiles names promise, and which ones queries compute."""

import re
from collections.abc import Iterator

from dashgen.check.lint.subjects import LintQuery
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import Expr, NumberLiteral
from dashgen.query.promql.promql_view import PromQLView

_NAMED = lazy_pattern(
    r"(?<![\w.])p(\d{2,4}|\d{2}\.\d+)(?![\w.]*\d|\w)"
    r"|(?<![\w.])(\d{2}(?:\.\d+)?) ?(?:st|nd|rd|th)?[ -]?(?:percentile|quantile|%-?ile)|\b(median)\b",
    re.IGNORECASE,
)
_NUMBER = lazy_pattern(r"[01](?:\.\d+)?|\.\d+")
_CALLS = frozenset(("histogram_quantile", "quantile_over_time"))


def named_quantiles(name: str) -> frozenset[float]:
    """The quantiles that a title or legend names, such as 0.95 for `p95` and `95th percentile`."""
    quantiles = set()
    for match in _NAMED.finditer(name):
        if match[3]:
            quantiles.add(0.5)
            continue
        whole, _, rest = (match[1] or match[2]).partition(".")
        quantiles.add(1.0 if whole == "100" else round(int(whole + rest) / 10 ** len(whole + rest), 6))
    return frozenset(quantiles)


def _parameters(tree: PromQLView) -> Iterator[Expr]:
    """The quantiles that a query asks functions and aggregations for."""
    yield from (call.args[0] for call in tree.calls if call.name in _CALLS and call.args)
    yield from (one.param for one in tree.aggregations if one.op == "quantile" and one.param is not None)


def computed_quantiles(query: LintQuery) -> frozenset[float] | None:
    """The quantiles that a PromQL query computes or selects; None when one of them is not known."""
    tree = query.promql
    if tree is None:
        return None
    quantiles: set[float] = set()
    for param in _parameters(tree):
        if not isinstance(param, NumberLiteral) or tree.has_variable(param):
            return None
        quantiles.add(round(param.val, 6))
    for matcher in (one for selector in tree.selectors for one in selector.matchers):
        if matcher.label == "quantile":
            if matcher.operator != "=" or not _NUMBER.fullmatch(matcher.value):
                return None
            quantiles.add(round(float(matcher.value), 6))
    return frozenset(quantiles)
