"""Names of labels and metrics: which of them Prometheus 3 accepts, and which older servers accept.

Sources: prometheus/model/rulefmt/rulefmt.go (3.14; any UTF-8 is a name, braces are refused in a recorded one)
and Grafana 12.4, whose own Alertmanager and policies take any UTF-8 as well.
"""

from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

_CLASSIC_LABEL: Final = lazy_pattern(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_CLASSIC_METRIC: Final = lazy_pattern(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
METRIC_NAME_HINT: Final = "use letters, digits, `_` and `:`"
CLASSIC_HINT: Final = "use letters, digits and `_` if one of those reads it"


def label_name_problem(name: str) -> str:
    """Why a name cannot be that of a rule's label; empty when it can."""
    if not name:
        return "a label has no name"
    if name == "__name__":
        return "`__name__` is the name of the metric and cannot be a label of a rule"
    return ""


def metric_name_problem(name: str) -> str:
    """Why a name cannot be that of a recorded metric; empty when it can."""
    if not name:
        return "a recorded metric has no name"
    return f"`{name}` is not a metric name: it holds braces" if "{" in name or "}" in name else ""


def older_label_problem(name: str) -> str:
    """Which older servers refuse the name of a label; empty when none does."""
    if _CLASSIC_LABEL.match(name):
        return ""
    return f"the label name `{name}` is refused by Prometheus before 3.0 and by older Alertmanagers"


def older_metric_problem(name: str) -> str:
    """Which older servers refuse the name of a metric; empty when none does."""
    return (
        "" if _CLASSIC_METRIC.match(name) else f"the metric name `{name}` is refused by Prometheus before 3.0"
    )
