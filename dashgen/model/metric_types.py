"""Which functions of PromQL are for counters, and which for gauges.

Source: https://prometheus.io/docs/prometheus/latest/querying/functions/ (3.14), whose entries end in "should
only be used with counters" or "with gauges".
"""

from typing import Final

FOR_COUNTERS: Final = frozenset({"rate", "irate", "increase", "resets"})
FOR_GAUGES: Final = frozenset(
    {"delta", "idelta", "deriv", "predict_linear", "double_exponential_smoothing", "holt_winters"}
)


def call_problem(call: str, metric: str, metric_type: str) -> tuple[str, str] | None:
    """Why a function is not for a metric, and what to write; None when it is, or when that is not known.

    Args:
        call: the function, such as ``rate``; empty for none.
        metric: the metric's name, for the message.
        metric_type: its type, as in `Series.type`.
    """
    if metric_type == "gauge" and call in FOR_COUNTERS:
        message = f"`{call}` is for counters, and `{metric}` is a gauge"
        return message, "use `deriv` or `delta`, or the gauge itself"
    if metric_type == "counter" and call in FOR_GAUGES:
        return f"`{call}` is for gauges, and `{metric}` is a counter", "use `rate` or `increase`"
    return None
