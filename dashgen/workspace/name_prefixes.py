"""Two environments of one project in one Grafana: what each of them calls its own.

Grafana knows dashboards, folders and rules by their uids, and folders by their titles too. What an
environment names as its prefix goes before all of these, and before what refers to them: links to dashboards,
and panels that rules and events name. Data sources, contact points, mute timings and the one tree of policies
belong to the Grafana as a whole and keep their names.
"""

from collections.abc import Callable
from typing import Any, Final

from dashgen.core.json_values import Json
from dashgen.model.alert_rules import slug as rule_slug
from dashgen.model.folder import Prefix
from dashgen.model.panel_identity import slug

_LONGEST: Final = 40
_LISTS: Final = ("links", "panel_links")
_DRILL_DOWN: Final = "drill_down"


def prefixed_dashboard(data: object, prefix: Prefix) -> Any:
    """The data of a dashboard with its uid, and the uids that its links name, behind a prefix."""
    if not prefix.uid or not isinstance(data, dict):
        return data
    # A uid with a variable is not known before the link is followed.
    dashboard = _with_links(data, lambda uid: uid if "$" in uid else prefix.uid + uid)
    uid, title = data.get("uid"), data.get("title")
    if isinstance(uid, str):
        dashboard["uid"] = prefix.uid + uid
    elif isinstance(title, str) and slug(title):
        dashboard["uid"] = prefix.uid + slug(title)[: _LONGEST - len(prefix.uid)].strip("-")
    return dashboard


def _with_links(value: object, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_with_links(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    # `raw:` is Grafana's own JSON, in which a `dashboard` need not be a uid.
    mapping = {key: value[key] if key == "raw" else _with_links(value[key], change) for key in value}
    for key in _LISTS:
        if isinstance(mapping.get(key), list):
            mapping[key] = [_with_aim(link, change) for link in mapping[key]]
    if _DRILL_DOWN in mapping:
        aim = mapping[_DRILL_DOWN]
        mapping[_DRILL_DOWN] = change(aim) if isinstance(aim, str) else _with_aim(aim, change)
    return mapping


def _with_aim(link: Any, change: Callable[[str], str]) -> Any:
    named = isinstance(link, dict) and isinstance(link.get("dashboard"), str)
    return {**link, "dashboard": change(link["dashboard"])} if named else link


def prefixed_rules(data: Any, prefix: Prefix) -> Any:
    """The data of a group of rules with their uids, and the dashboards that they name, behind a prefix."""
    rules = data.get("rules") if isinstance(data, dict) else None
    if not prefix.uid or not isinstance(rules, list):
        return data
    return {**data, "rules": [_rule(rule, prefix) if isinstance(rule, dict) else rule for rule in rules]}


def _rule(rule: Json, prefix: Prefix) -> Json:
    prefixed = dict(rule)
    name, fallback = (rule["alert"], "rule") if "alert" in rule else (rule.get("record"), "record")
    if isinstance(rule.get("uid"), str):
        prefixed["uid"] = prefix.uid + rule["uid"]
    elif isinstance(name, str) and "uid" not in rule:
        prefixed["uid"] = prefix.uid + rule_slug(name, fallback, _LONGEST - len(prefix.uid))
    if isinstance(rule.get("panel"), str):
        prefixed["panel"] = prefix.uid + rule["panel"]
    return prefixed


def prefixed_events(data: Any, prefix: Prefix) -> Any:
    """The data of events with their keys, and the dashboards that they are on, behind a prefix."""
    events = data.get("events") if isinstance(data, dict) else None
    if not prefix.uid or not isinstance(events, list):
        return data
    return {
        **data,
        "events": [_event(event, prefix) if isinstance(event, dict) else event for event in events],
    }


def prefixed_scaler(data: Any, prefix: Prefix) -> Any:
    """The data of a scaler with the dashboard that it draws on behind a prefix.

    Its name and its workload are Kubernetes' and stay: environments there are namespaces or clusters.
    """
    panel = data.get("panel") if isinstance(data, dict) else None
    return {**data, "panel": prefix.uid + panel} if prefix.uid and isinstance(panel, str) else data


def _event(event: Json, prefix: Prefix) -> Json:
    prefixed = dict(event)
    key = event.get("key") or rule_slug(f"{event.get('title')} {event.get('at')}", "event")
    prefixed["key"] = f"{prefix.uid}{key}"
    if isinstance(event.get("dashboard"), str):
        prefixed["dashboard"] = prefix.uid + event["dashboard"]
    return prefixed
