"""Who is notified of a rule's alerts, as far as its specs tell."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import mapping
from dashgen.model.label_matchers import LabelMatcher
from dashgen.model.notification_spec import Policies
from dashgen.model.policy_routes import AlertLabels, PolicyRoute, policy_routes, with_timing
from dashgen.model.settled_alerts import RuleQuery, SettledAlert
from dashgen.query import LANGUAGES

ALWAYS_GROUPED: Final = ("grafana_folder", "alertname")
"""The grouping of alerts that pass the policies, whatever else a rule has.

`DefaultNotificationSettingsGroupBy` in pkg/services/ngalert/models/notification_settings.go of Grafana 12.4.
"""
NO_DATA_ALERT: Final = "DatasourceNoData"
ERROR_ALERT: Final = "DatasourceError"
_OF_QUERY: Final = frozenset({"datasource_uid", "ref_id"})


class AlertRoutes(Struct, frozen=True):
    """The ways of a rule's alerts.

    Attributes:
        labels: the labels of its alerts.
        routes: the ways of those that fire; empty when the specs do not tell.
        states: by ``no data`` and ``error``, the ways of the alert of its own that Grafana makes of that state.
        reason: why there are none; empty when there are some.
    """

    labels: AlertLabels
    routes: tuple[PolicyRoute, ...] = ()
    states: Mapping[str, tuple[PolicyRoute, ...]] = {}
    reason: str = ""


def routes_of(
    alert: SettledAlert, folder: str, tree: Policies | None, assumed: Mapping[str, str] | None = None
) -> AlertRoutes:
    """The ways of a rule's alerts to contact points.

    Args:
        alert: the rule.
        folder: the path of its group's folder, which alerts have as a label.
        tree: the policy tree; None when the specs have none.
        assumed: values of labels that the rule itself does not have.
    """
    labels = alert_labels(alert, folder)
    labels = labels.assuming(assumed or {})
    if "grafana" not in alert.outputs:
        servers = " and ".join(sorted(output.capitalize() for output in alert.outputs)) or "nothing"
        return AlertRoutes(labels, reason=f"{servers} evaluates it, and an Alertmanager's routes apply")
    if alert.rule.paused:
        return AlertRoutes(labels, reason="the rule is paused")
    settings = _settings(alert)
    if settings.get("receiver"):
        direct = (_direct(settings, tree),)
        return AlertRoutes(labels, direct, dict.fromkeys(_own_alerts(alert), direct))
    if tree is None:
        return AlertRoutes(labels, reason="the specs have no policies, and Grafana's own apply")
    states = {
        state: tuple(policy_routes(tree, _state_labels(labels, name, alert)))
        for state, name in _own_alerts(alert).items()
    }
    return AlertRoutes(labels, tuple(policy_routes(tree, labels)), states)


def alert_labels(alert: SettledAlert, folder: str) -> AlertLabels:
    """The labels of a rule's alerts: those of the rule, and those that its query's result may have."""
    templates = _templates(alert)
    known = {name: text for name, text in alert.labels.items() if name not in templates}
    known |= {"alertname": alert.rule.alert, "__alert_rule_uid__": alert.uid}
    if folder:
        known["grafana_folder"] = folder
    results = [_result_labels(query) for query in alert.queries if query.datasource is not None]
    if any(labels is None for labels in results):
        return AlertLabels(known, None)
    open_labels = {label for labels in results for label in labels or ()}
    return AlertLabels(known, frozenset(open_labels | templates) - known.keys())


def route_summary(routes: Collection[PolicyRoute]) -> str:
    """The contact points of some ways in one line, such as ``on-call if tier="pro", otherwise team``."""
    parts: dict[str, None] = {}
    for route in routes:
        if route.conditions:
            parts[f"{route.contact_point} if {condition_text(route.conditions)}"] = None
        elif not route.is_certain and parts:
            parts[f"otherwise {route.contact_point}"] = None
        else:
            parts[route.contact_point] = None
    return ", ".join(parts)


def condition_text(conditions: Collection[LabelMatcher]) -> str:
    """Matchers that all have to hold, in one line."""
    return " and ".join(dict.fromkeys(str(one) for one in conditions))


def _result_labels(query: RuleQuery) -> tuple[str, ...] | None:
    """The labels of a query's result; None when they are not known."""
    language = LANGUAGES.get(query.datasource.type) if query.datasource is not None else None
    grouping = language.parse(query.query.query).grouping if language is not None else None
    return None if grouping is None or any("$" in label for label in grouping) else grouping


def _own_alerts(alert: SettledAlert) -> dict[str, str]:
    """The names of the alerts that Grafana makes of a rule's states, by state.

    Source: `noDataAlert` and `errorAlert` in pkg/services/ngalert/state/compat.go of Grafana 12.4.
    """
    names = {"no data": NO_DATA_ALERT} if alert.no_data == "no_data" else {}
    return {**names, "error": ERROR_ALERT} if alert.rule.on_error == "error" else names


def _state_labels(labels: AlertLabels, name: str, alert: SettledAlert) -> AlertLabels:
    """The labels of the alert of a state: there is no result, whose labels could be among them."""
    values = {**labels.values, "alertname": name, "rulename": alert.rule.alert}
    return AlertLabels(values, _templates(alert) | _OF_QUERY)


def _templates(alert: SettledAlert) -> frozenset[str]:
    """The labels of a rule whose values are made of a template."""
    return frozenset(name for name, text in alert.labels.items() if "{{" in text)


def _settings(alert: SettledAlert) -> dict[str, Any]:
    """The rule's own `notification_settings`, with what `raw:` puts over them."""
    settings = {
        "receiver": alert.contact_point,
        "group_by": alert.rule.group_by,
        "mute_time_intervals": alert.rule.mute_timings,
    }
    return {**settings, **mapping(alert.rule.raw.get("notification_settings"))}


def _direct(settings: Mapping[str, Any], tree: Policies | None) -> PolicyRoute:
    """The way of a rule with its own contact point.

    Grafana puts it below a policy of its own before all others, which takes the timing of the tree's top
    (`autogen_alertmanager.go` in pkg/services/ngalert/notifier).
    """
    route = PolicyRoute(str(settings["receiver"]), mute=_texts(settings.get("mute_time_intervals")))
    if tree is not None:
        route = with_timing(route, tree)
    group_by = _texts(settings.get("group_by"))
    if group_by != ("...",):
        group_by = tuple(dict.fromkeys((*ALWAYS_GROUPED, *group_by)))
    times = ("group_wait", "group_interval", "repeat_interval")
    wait, interval, repeat = (str(settings.get(key) or getattr(route, key)) for key in times)
    return PolicyRoute(
        route.contact_point,
        group_by=group_by,
        group_wait=wait,
        group_interval=interval,
        repeat_interval=repeat,
        mute=route.mute,
        active=_texts(settings.get("active_time_intervals")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
