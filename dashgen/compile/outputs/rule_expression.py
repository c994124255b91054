"""Conditions as expressions of Prometheus and Loki rules.

A rule there fires for every series that its expression gives, so a condition becomes a filter: ``query >
0.1`` keeps the series above. NaN, which is what a share of no traffic is, passes no filter.
"""

from dashgen.model.alert_rules import Output
from dashgen.model.condition import OPERATORS, Condition, Kind, compared, format_number
from dashgen.model.settled_alerts import SettledAlert
from dashgen.model.target_spec import Reducer
from dashgen.query.enclosed import enclosed
from dashgen.query.query_texts import double_quoted_text

_OVER_TIME: dict[Reducer, str] = {
    "sum": "sum_over_time({})",
    "mean": "avg_over_time({})",
    "min": "min_over_time({})",
    "max": "max_over_time({})",
    "count": "count_over_time({})",
    "last": "last_over_time({})",
    "median": "quantile_over_time(0.5, {})",
}
_NOT_RECOVERED = {Kind.BELOW: Kind.AT_LEAST, Kind.ABOVE: Kind.AT_MOST}


def rule_expression(alert: SettledAlert, output: Output, interval: str) -> str:
    """The expression that gives the series for which an alert fires, in PromQL or LogQL.

    Args:
        alert: the rule.
        output: ``prometheus`` or ``loki``.
        interval: how often the rule's group is evaluated.
    """
    query = enclosed(alert.expression)
    if alert.condition.kind is Kind.ABSENT:
        return _absent(alert.expression, output)
    if alert.condition.kind is Kind.PRESENT:
        return _present(alert, output, interval)
    subject = _over_time(query, alert, interval)
    parts = [compared(subject, alert.condition)]
    if alert.condition.recover is not None and output == "prometheus":
        parts.append(f"({_not_recovered(subject, alert.condition.recover)} {_while_active(alert)})")
    if alert.no_data == "alerting":
        parts.append(_absent(alert.expression, output))
    return "\nor ".join(parts)


def _present(alert: SettledAlert, output: Output, interval: str) -> str:
    alone = alert.no_data != "alerting"
    subject = alert.expression if alone and not alert.rule.reduce else enclosed(alert.expression)
    subject = _over_time(subject, alert, interval)
    return subject if alone else f"{subject}\nor {_absent(alert.expression, output)}"


def _absent(expression: str, output: Output) -> str:
    inner = f"\n{expression}\n" if "#" in expression else expression
    if output == "prometheus":
        return f"absent({inner})"
    # LogQL has no absent() for the result of a query.
    return f"(count({inner}) or vector(0)) == 0"


def _over_time(query: str, alert: SettledAlert, interval: str) -> str:
    if alert.rule.reduce is None or alert.rule.over is None:
        return query
    # Only numbers count, as in Grafana: no traffic in between is no value.
    numbers = f"({query} > -Inf < +Inf)[{alert.rule.over}:{interval}]"
    return _OVER_TIME[alert.rule.reduce].format(numbers)


def _not_recovered(query: str, recovery: Condition) -> str:
    values = [format_number(value) for value in recovery.values]
    if recovery.kind is Kind.OUTSIDE:
        return f"{query} >= {values[0]} <= {values[1]}"
    if recovery.kind is Kind.BETWEEN:
        return f"({query} <= {values[0]} or {query} >= {values[1]})"
    return f"{query} {OPERATORS[_NOT_RECOVERED[recovery.kind]]} {values[0]}"


def _while_active(alert: SettledAlert) -> str:
    # Prometheus stores which alerts are pending or fire; their series have the labels of the query and those
    # of the rule. Grafana's recovery threshold holds both, too.
    fixed = {name: text for name, text in alert.labels.items() if "{{" not in text}
    labels = {"alertname": alert.rule.alert, **fixed}
    selector = ", ".join(f"{name}={double_quoted_text(text)}" for name, text in labels.items())
    ignored = ", ".join(["alertname", "alertstate", *alert.labels])
    return f"and ignoring ({ignored}) ALERTS{{{selector}}}"
