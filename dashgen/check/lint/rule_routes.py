"""The policies and contact points that the alert rules of a project lead to."""

from collections.abc import Iterator

from dashgen.check.lint.subjects import LintProject, LintRuleSubject
from dashgen.model.alert_routes import FOLDER_LABEL, labels_of_alerts, own_alerts, state_labels
from dashgen.model.document import SpecDocument
from dashgen.model.notification_spec import Notifications
from dashgen.model.policy_routes import AlertLabels, PolicyRoute, policy_routes


def notified_rules(project: LintProject) -> list[LintRuleSubject]:
    """The alert rules that Grafana notifies of."""
    return [
        rule
        for rule in project.rules
        if rule.is_alert and rule.is_spec and "grafana" in rule.evaluators and not rule.paused
    ]


def policies_of(project: LintProject) -> SpecDocument[Notifications] | None:
    """The document with the policy tree; None when the specs have none."""
    documents: list[SpecDocument[Notifications]] = project.documents.get("Notifications", [])
    return next((document for document in documents if document.model.policies is not None), None)


def rule_labels(rule: LintRuleSubject) -> list[AlertLabels]:
    """The labels of a rule's alerts when they fire, and of the alerts that Grafana makes of its states."""
    own = {"alertname": rule.name, FOLDER_LABEL: rule.group.folder}
    groupings = [query.facts.grouping if query.facts is not None else None for query in rule.queries]
    labels = labels_of_alerts(rule.labels, own, groupings)
    states = own_alerts(rule.no_data, rule.on_error)
    return [labels, *(state_labels(labels, state, rule.labels) for state in states)]


def routes_by_policies(project: LintProject) -> Iterator[PolicyRoute]:
    """Every way that an alert of the project may take through the policy tree."""
    document = policies_of(project)
    if document is None or document.model.policies is None:
        return
    for rule in notified_rules(project):
        for labels in rule_labels(rule) if not rule.contact_point else ():
            yield from policy_routes(document.model.policies, labels)
