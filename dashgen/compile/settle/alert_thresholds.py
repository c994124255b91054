"""One alert, three places: the lines that alert conditions draw on the panels that show them."""

from collections.abc import Iterable

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.model.alert_rules import AlertRule, AlertRules, read_rules
from dashgen.model.condition import Condition, Kind, parse_condition
from dashgen.model.document import SpecDocument
from dashgen.source.provenance import Reporter

SEVERITY_COLORS = {"info": "blue", "warning": "orange", "critical": "red", None: "red"}


class AlertThreshold(Struct, frozen=True):
    """A line, or two, at which an alert fires, and on which side."""

    rule: str
    kind: Kind
    values: tuple[float, ...]
    color: str
    location: Location


def alert_thresholds(
    documents: Iterable[SpecDocument[AlertRules]],
) -> dict[str, dict[str, list[AlertThreshold]]]:
    """The thresholds of each panel, by dashboard uid and panel key.

    Rules that are wrong are left out: `settle_alerts` reports them.
    """
    thresholds: dict[str, dict[str, list[AlertThreshold]]] = {}
    for document in documents:
        for placed in read_rules(document, Reporter(document.resolved)):
            rule = placed.rule
            if not isinstance(rule, AlertRule) or rule.panel is None:
                continue
            condition = parse_condition(rule.when)
            if isinstance(condition, Condition) and condition.values:
                dashboard, _, panel = rule.panel.partition("/")
                location = document.resolved.origin((*placed.path, "when")).location()
                line = AlertThreshold(
                    rule.alert, condition.kind, condition.values, SEVERITY_COLORS[rule.severity], location
                )
                thresholds.setdefault(dashboard, {}).setdefault(panel, []).append(line)
    return thresholds
