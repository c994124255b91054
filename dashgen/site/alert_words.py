"""When alerts fire, how they notify and what their tests expect, in sentences."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from dashgen.core.sentence_parts import listed
from dashgen.model.alert_rules import RuleTest
from dashgen.model.base import as_list
from dashgen.model.condition import Kind
from dashgen.model.duration import milliseconds
from dashgen.model.policy_routes import PolicyRoute
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.site.plain_words import duration_words, every

_STATES: Final = {
    "ok": "does not fire",
    "alerting": "fires",
    "no_data": "sends an alert of its own, DatasourceNoData",
    "error": "sends an alert of its own, DatasourceError",
    "keep_last": "stays in the state that it had",
}
_REDUCERS: Final = {
    "sum": "sum", "mean": "mean", "min": "smallest", "max": "largest", "count": "number", "last": "newest",
    "median": "median",
}  # fmt: skip


class ShownTest(NamedTuple):
    """A test: what it shows, and what is expected when."""

    name: str
    expectations: str


def firing_sentences(alert: SettledAlert, group: SettledGroup) -> Iterator[str]:
    """When a rule fires and when not, in sentences."""
    rule, in_grafana = alert.rule, "grafana" in alert.outputs
    if rule.paused:
        yield "The rule is paused: nothing evaluates it."
    held = f" for {duration_words(rule.for_)}" if milliseconds(rule.for_) else ""
    yield f"Fires when {condition_words(alert)}{held}."
    if rule.recover:
        yield f"Once it is pending or fires, it recovers only when the value is {rule.recover}."
    if rule.keep_firing_for:
        yield f"Goes on firing for {duration_words(rule.keep_firing_for)} after that has ended."
    if alert.condition.kind is not Kind.ABSENT:
        yield f"Without data it {_STATES[alert.no_data] if in_grafana else 'does not fire'}."
    if in_grafana:
        yield f"When the query fails it {_STATES[rule.on_error]}."
    servers = listed([output.capitalize() for output in sorted(alert.outputs)])
    interval = every(group.interval) if milliseconds(group.interval) else "at the server's interval"
    if servers:
        yield f"{servers} evaluate{'s' if len(alert.outputs) == 1 else ''} it {interval}."


def condition_words(alert: SettledAlert) -> str:
    """The condition of a rule: ``the value is above 10%``."""
    rule = alert.rule
    if alert.condition.kind is Kind.ABSENT:
        return "the query gives nothing"
    if alert.condition.kind is Kind.PRESENT:
        return "the query gives a value"
    if rule.reduce is None:
        return f"the value is {rule.when}"
    over = f" of the last {duration_words(rule.over)}" if rule.over else ""
    return f"the {_REDUCERS[rule.reduce]} of the values{over} is {rule.when}"


def timing_words(route: PolicyRoute) -> str:
    """How notifications are grouped and repeated."""
    which = "each alert" if route.group_by == ("...",) else "all alerts"
    if which == "all alerts" and route.group_by:
        which = f"alerts with the same {listed(route.group_by)}"
    wait, changes = duration_words(route.group_wait), duration_words(route.group_interval)
    again = every(route.repeat_interval)
    return f"One notification for {which}, after {wait}; changes after {changes}; again {again}."


def shown_test(test: RuleTest) -> ShownTest:
    """A test in words."""
    parts = []
    if test.fires_at:
        parts.append(f"fires after {listed([duration_words(at) for at in as_list(test.fires_at)])}")
    if test.silent_at:
        parts.append(f"is silent after {listed([duration_words(at) for at in as_list(test.silent_at)])}")
    parts += [f"is {state.replace('_', ' ')} after {duration_words(at)}" for at, state in test.states.items()]
    if test.annotations:
        are = "reads" if len(test.annotations) == 1 else "read"
        parts.append(f"its {listed(sorted(test.annotations))} {are} as expected")
    if test.query_fails is not None:
        parts.append(f"while the query fails from {test.query_fails.from_} to {test.query_fails.to}")
    return ShownTest(test.name, "; ".join(parts))
