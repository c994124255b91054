"""Which value of a label all queries of a dashboard select."""

from dashgen.check.lint.subjects import LintDashboard
from dashgen.core.lazy_pattern import lazy_pattern

_MATCHER = lazy_pattern(
    r"(?<![\w.])(?P<label>[A-Za-z_]\w*)\s*=~?\s*(?P<quote>[\"'`])(?P<value>[^\"'`$\[\]|*+()]+)(?P=quote)"
)
_LEAST = 2


def fixed_value(dashboard: LintDashboard, label: str) -> str:
    """The one value of a label that every PromQL query of its panels selects; empty when there is none."""
    queries = [query for panel in dashboard.panels for query in panel.queries if query.is_promql]
    if len(queries) < _LEAST:
        return ""
    values = {
        next((match["value"] for match in _MATCHER.finditer(query.text) if match["label"] == label), "")
        for query in queries
    }
    return values.pop() if len(values) == 1 else ""
