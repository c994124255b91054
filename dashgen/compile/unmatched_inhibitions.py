"""Inhibition rules beside the alerts of the project: sides that no alert is on, and labels that no alert has.

Alertmanager's inhibit/inhibit.go: a label that both alerts lack counts as equal, and an alert that matches
both sides is not inhibited by another one that does.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.model.alert_routes import STATE_ALERTS, alert_labels, own_alerts, state_labels
from dashgen.model.base import as_list
from dashgen.model.document import SpecDocument
from dashgen.model.label_matchers import LabelMatcher, matchers
from dashgen.model.notification_spec import InhibitionRule, Named, Notifications, inhibition_rules
from dashgen.model.policy_routes import AlertLabels
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_RULE: Final = "notification/inhibition-unmatched"
_SINCE: Final = 13
"""The first Grafana that has inhibition rules
(docs/sources/alerting/configure-notifications/inhibition-rules.md)."""
_ELSEWHERE: Final = "correct it, unless it is about alerts that are defined elsewhere"


class _Finding(NamedTuple):
    path: Path
    message: str
    hint: str


def unmatched_inhibitions(
    documents: Sequence[SpecDocument[Notifications]], groups: Iterable[SettledGroup]
) -> list[Diagnostic]:
    """Warnings about inhibition rules that no alerts of the project are for; none without alerts.

    Args:
        documents: the documents with the inhibition rules.
        groups: the groups of alert rules.
    """
    rules = list(inhibition_rules(documents))
    diagnostics: list[Diagnostic] = []
    alerts = [labels for group in groups for alert in group.alerts for labels in _labels(alert, group)]
    for named, rule in rules if alerts else ():
        report = named.reporter(diagnostics)
        for finding in _findings(named, rule, alerts):
            report.warn(_RULE, finding.message, finding.path, finding.hint)
    return diagnostics


def unsupported_inhibitions(
    documents: Sequence[SpecDocument[Notifications]], grafana: str
) -> list[Diagnostic]:
    """A warning at inhibition rules for a Grafana that has none.

    Args:
        documents: the documents with the inhibition rules.
        grafana: the version that the output is for.
    """
    diagnostics: list[Diagnostic] = []
    if int(grafana.partition(".")[0]) < _SINCE:
        message = f"Grafana {grafana} has no inhibition rules; {_SINCE} and newer has"
        hint = f'write `grafana: "{_SINCE}.3"` in the project file if yours is newer'
        for document in documents:
            if document.model.inhibition_rules:
                report = Reporter(document.resolved, (), diagnostics)
                report.warn("notification/inhibition-version", message, ("inhibition_rules",), hint, key=True)
    return diagnostics


def undelivered_inhibitions(
    documents: Sequence[SpecDocument[Notifications]], layouts: Collection[str]
) -> list[Diagnostic]:
    """A warning at inhibition rules beside layouts for Kubernetes, which have no files for them.

    The sidecar hands on what Grafana's file provisioning reads, which has no inhibition rules
    (pkg/services/provisioning/alerting/types.go of 13.3); the operator 5.24 has no resource for them.

    Args:
        documents: the documents with the inhibition rules.
        layouts: the layouts of the project.
    """
    lacking = [f"`{layout}`" for layout in ("sidecar", "operator") if layout in layouts]
    diagnostics: list[Diagnostic] = []
    for document in documents if lacking else ():
        if document.model.inhibition_rules:
            subject = " and ".join(lacking)
            verb = "has" if len(lacking) == 1 else "have"
            message = f"the layout{'s' * (len(lacking) > 1)} {subject} {verb} no files for inhibition rules"
            hint = "send them with `dashgen push`; Grafana takes them over its API only"
            report = Reporter(document.resolved, (), diagnostics)
            report.warn("notification/inhibition-layout", message, ("inhibition_rules",), hint, key=True)
    return diagnostics


def _labels(alert: SettledAlert, group: SettledGroup) -> Iterator[AlertLabels]:
    """The labels of a rule's alerts, and of those that Grafana makes of its states."""
    labels = alert_labels(alert, group.folder)
    yield labels
    if "grafana" in alert.outputs:
        for state in own_alerts(alert.no_data, alert.rule.on_error):
            yield state_labels(labels, state, alert.labels)


def _findings(named: Named, rule: InhibitionRule, alerts: Sequence[AlertLabels]) -> Iterator[_Finding]:
    source, target = matchers(rule.source), matchers(rule.target)
    if not source or not target:
        return
    sources = [labels for labels in alerts if _may_match(source, labels)]
    targets = [labels for labels in alerts if _may_match(target, labels)]
    for key, conditions, matching in (("source", source, sources), ("target", target, targets)):
        if not matching:
            yield _no_alert(key, conditions, alerts)
    if not sources or not targets:
        return
    # The alerts that Grafana makes of states are hardly why a rule is written, unless it is for nothing else.
    firing = [[one for one in side if not _is_of_state(one)] or side for side in (sources, targets)]
    if not any(_inhibits(one, other, source, target) for one in firing[0] for other in firing[1]):
        message = (
            f"the inhibition rule `{named.name}` inhibits no alert of the project: those that are its "
            "targets are its sources too"
        )
        yield _Finding(("target",), message, "let the two sides differ in a label")
    for number, label in enumerate(as_list(rule.equal)):
        path: Path = ("equal", number) if isinstance(rule.equal, list) else ("equal",)
        yield from _unequal(label, path, sources, targets)


def _is_of_state(labels: AlertLabels) -> bool:
    return labels.value("alertname") in STATE_ALERTS.values()


def _may_match(conditions: Iterable[LabelMatcher], labels: AlertLabels) -> bool:
    return all(
        labels.may_vary(one.label) or one.holds(labels.value(one.label)) is not False for one in conditions
    )


def _surely_matches(conditions: Iterable[LabelMatcher], labels: AlertLabels) -> bool:
    return all(
        not labels.may_vary(one.label) and one.holds(labels.value(one.label)) is True for one in conditions
    )


def _inhibits(
    one: AlertLabels, other: AlertLabels, source: Iterable[LabelMatcher], target: Iterable[LabelMatcher]
) -> bool:
    """Whether the first alert, which may be a source, may inhibit the second, which may be a target."""
    return not (_surely_matches(target, one) and _surely_matches(source, other))


def _no_alert(key: str, conditions: Sequence[LabelMatcher], alerts: Sequence[AlertLabels]) -> _Finding:
    """Why no alert is on one side: the first condition that none of them meets, or all of them together."""
    for one in conditions:
        if any(_may_match([one], labels) for labels in alerts):
            continue
        values = {labels.value(one.label) for labels in alerts} - {""}
        names = {name for labels in alerts for name in labels.values}
        near = nearest(one.value, values) if values else nearest(one.label, names)
        hint = near if near.startswith("did you mean") else _ELSEWHERE
        return _Finding((key, one.label), f"no alert of the project has {one}", hint)
    shown = " and ".join(map(str, conditions))
    return _Finding((key,), f"no alert of the project has {shown} together", _ELSEWHERE)


def _unequal(
    label: str, path: Path, sources: Sequence[AlertLabels], targets: Sequence[AlertLabels]
) -> Iterator[_Finding]:
    has = [_may_have(label, side) for side in (sources, targets)]
    if not any(has):
        names = {name for labels in (*sources, *targets) for name in labels.values}
        near = nearest(label, names)
        hint = near if near.startswith("did you mean") else f"remove `{label}`, or add it to the alerts"
        yield _Finding(path, f"no alert has the label `{label}`, and what both lack is equal", hint)
    elif not all(has):
        with_it, without = ("targets", "sources") if has[1] else ("sources", "targets")
        side = targets if has[1] else sources
        if all(labels.value(label) for labels in side):
            message = (
                f"the {with_it} have the label `{label}`, and the {without} do not: nothing is inhibited"
            )
            yield _Finding(path, message, f"remove `{label}`, or add it to the {without}")


def _may_have(label: str, alerts: Collection[AlertLabels]) -> bool:
    return any(labels.may_vary(label) or labels.value(label) for labels in alerts)
