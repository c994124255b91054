"""The rules that a server evaluates, as alert lists and panels show them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, scalar_text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.panel_data import AlertEntry, AlertState
from dashgen.preview.views.view_links import linked_uid
from dashgen.servers.grafana.evaluation import RuleState
from dashgen.servers.telemetry.prometheus_client import Rule

_STATES: Final[dict[str, AlertState]] = {"firing": "firing", "pending": "pending", "inactive": "normal"}
_WORST: Final[Sequence[AlertState]] = ("firing", "error", "nodata", "pending", "normal")
_VIEWED: Final = lazy_pattern(r"[?&]viewPanel=(?:panel-)?(\d{1,18})\b")
_DASHBOARD, _PANEL = "__dashboardUid__", "__panelId__"


class EvaluatedRule(NamedTuple):
    """An alert rule as a server last evaluated it, with its state on panels."""

    entry: AlertEntry
    annotations: Mapping[str, str]


def prometheus_rules(rules: Iterable[Rule]) -> list[EvaluatedRule]:
    """The alerting rules of a Prometheus."""
    return [
        _evaluated(rule.name, rule.file.rpartition("/")[2], rule) for rule in rules if rule.kind == "alerting"
    ]


def grafana_rules(rules: Iterable[RuleState]) -> list[EvaluatedRule]:
    """The rules that a Grafana evaluates itself."""
    return [_evaluated(rule.title, rule.folder, rule) for rule in rules]


def _evaluated(name: str, folder: str, rule: Rule | RuleState) -> EvaluatedRule:
    state, since = rule_state(rule.state, rule.health), milliseconds_of(rule.since)
    summary = rule.annotations.get("summary", "")
    entry = AlertEntry(name, state, folder, rule.group, since, dict(rule.labels), summary)
    return EvaluatedRule(entry, rule.annotations)


def rule_state(state: str, health: str) -> AlertState:
    """The state of a rule that was evaluated, or that evaluating it failed."""
    if health in {"err", "error"}:
        return "error"
    return "nodata" if health == "nodata" else _STATES.get(state, "normal")


def milliseconds_of(moment: str) -> int | None:
    """A time of RFC 3339 in milliseconds since 1970; None for what is none, and for Go's zero time."""
    try:
        # Python reads six digits of a second, Go writes nine.
        date = datetime.fromisoformat(moment.strip())
    except ValueError:
        return None
    return round(date.timestamp() * 1000) if date.year > 1 and date.tzinfo else None


def panel_state(rules: Iterable[EvaluatedRule], dashboard: Json, panel: Json) -> AlertState:
    """The state of the rules that name a panel in their annotations; empty where none does.

    Grafana names the panel in annotations of its own; a rule of Prometheus has the address of the panel.
    """
    identity = scalar_text(dashboard.get("uid")), scalar_text(panel.get("id"))
    states = {rule.entry.state for rule in rules if identity in _panels_of(rule.annotations)}
    return next((state for state in _WORST if state in states), "")


def _panels_of(annotations: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The uid and the number of each panel that annotations name."""
    if _PANEL in annotations:
        yield annotations.get(_DASHBOARD, ""), annotations[_PANEL]
    for written in annotations.values():
        number = _VIEWED.search(written)
        if number is not None and (uid := linked_uid(written)):
            yield uid, number[1]
