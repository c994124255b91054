"""Who is notified of a rule's alerts, as far as its specs tell."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
FOLDER_LABEL: Final = "grafana_folder"
STATE_ALERTS: Final = {"no data": "DatasourceNoData", "error": "DatasourceError"}
"""The names of the alerts that Grafana makes of a rule's states.

`noDataAlert` and `errorAlert` in pkg/services/ngalert/state/compat.go of Grafana 12.4.
"""
_OF_QUERY: Final = frozenset({"datasource_uid", "ref_id"})


class AlertRoutes(Struct, frozen=True):
    """The ways of a rule's alerts.

    Attributes:
        labels: the labels of its alerts.
        routes: the ways of those that fire; empty when the specs do not tell.
        states: by ``no data`` and ``error``, the ways of the alert of its own that Grafana makes of that
            state.
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
    settings, states = _settings(alert), list(own_alerts(alert.no_data, alert.rule.on_error))
    if settings.get("receiver"):
        direct = (_direct(settings, tree),)
        return AlertRoutes(labels, direct, dict.fromkeys(states, direct))
    if tree is None:
        return AlertRoutes(labels, reason="the specs have no policies, and Grafana's own apply")
    ways = {state: tuple(policy_routes(tree, state_labels(labels, state, alert.labels))) for state in states}
    return AlertRoutes(labels, tuple(policy_routes(tree, labels)), ways)


def alert_labels(alert: SettledAlert, folder: str) -> AlertLabels:
    """The labels of a rule's alerts: those of the rule, and those that its query's result may have."""
    own = {"alertname": alert.rule.alert, "__alert_rule_uid__": alert.uid}
    queries = [query for query in alert.queries if query.datasource is not None]
    return labels_of_alerts(alert.labels, {**own, FOLDER_LABEL: folder}, map(_grouping, queries))


def labels_of_alerts(
    labels: Mapping[str, str], own: Mapping[str, str], groupings: Iterable[Sequence[str] | None]
) -> AlertLabels:
    """The labels of a rule's alerts, by the parts that they come from.

    Args:
        labels: the labels of the rule, with templates.
        own: the labels that Grafana adds; an empty one is left out.
        groupings: for each query of the rule, the labels of its result; None when they are not known.
    """
    templates = _templates(labels)
    fixed = {name: text for name, text in labels.items() if name not in templates}
    fixed |= {name: text for name, text in own.items() if text}
    open_labels = set(templates)
    for grouping in groupings:
        if grouping is None or any("$" in label for label in grouping):
            return AlertLabels(fixed, None)
        open_labels |= {*grouping}
    return AlertLabels(fixed, frozenset(open_labels) - fixed.keys())


def state_labels(labels: AlertLabels, state: str, rule_labels: Mapping[str, str]) -> AlertLabels:
    """The labels of the alert that Grafana makes of a state; there is no result that could have more.

    Args:
        labels: those of the rule's alerts when they fire.
        state: a key of `STATE_ALERTS`.
        rule_labels: the labels of the rule, with templates.
    """
    names = {"alertname": STATE_ALERTS[state], "rulename": labels.value("alertname")}
    return AlertLabels({**labels.values, **names}, _templates(rule_labels) | _OF_QUERY)


def _templates(labels: Mapping[str, str]) -> frozenset[str]:
    """The labels whose values are made of a template."""
    return frozenset(name for name, text in labels.items() if "{{" in text)


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


def _grouping(query: RuleQuery) -> tuple[str, ...] | None:
    """The labels of a query's result; None when they are not known."""
    language = LANGUAGES.get(query.datasource.type) if query.datasource is not None else None
    return language.parse(query.query.query).grouping if language is not None else None


def own_alerts(no_data: str, on_error: str) -> Iterator[str]:
    """The states of a rule of which Grafana makes alerts of their own: keys of `STATE_ALERTS`.

    Args:
        no_data: what the rule does without data, in the words of specs.
        on_error: what it does when its query fails.
    """
    if no_data == "no_data":
        yield "no data"
    if on_error == "error":
        yield "error"


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
