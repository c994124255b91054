"""Alertmanager's file and objects of Grafana's APIs in the form of Grafana's provisioning files.

The forms: ``alertmanager.yml`` (config/config.go of prometheus/alertmanager); Grafana's
``{"alertmanager_config": …, "template_files": …}`` (GET ``/api/alertmanager/grafana/config/api/v1/alerts``);
and objects, or lists of objects, of ``notifications.alerting.grafana.app``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dashgen.core.json_values import Json, at, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.normal.normal_notifications import NOTIFICATIONS_GROUP, route_matchers
from dashgen.formats.upgrade.notes import Notes
from dashgen.model.alertmanager_types import ALERTMANAGER_TYPES, SECTION_FIELDS
from dashgen.model.panel_identity import slug
from dashgen.servers.grafana import notification_objects as objects

_VARIABLE: Final = lazy_pattern(r"[A-Z][A-Z0-9_]+")
_SILENT: Final = frozenset(("email_configs", "slack_configs", "wechat_configs", "rocketchat_configs"))
"""The receivers that do not notify of what is resolved unless they are told to."""
_TYPES: Final = {kind.section: (name, kind) for name, kind in ALERTMANAGER_TYPES.items()}
_GLOBALS: Final = {
    "slack_configs": {"api_url": "slack_api_url"},
    "opsgenie_configs": {"api_key": "opsgenie_api_key"},
    "wechat_configs": {"api_secret": "wechat_api_secret", "corp_id": "wechat_api_corp_id"},
    "telegram_configs": {"bot_token": "telegram_bot_token"},
    "jira_configs": {"api_url": "jira_api_url"},
}
"""Fields of receivers that the file may have once for all."""
_LONGEST_NAME: Final = 40


def provisioning_form(data: Any, notes: Notes) -> Json | None:
    """The data in the form of a provisioning file; None when it is in none of the other forms."""
    document = mapping(data)
    if isinstance(document.get("alertmanager_config"), dict):
        config = mapping(document["alertmanager_config"])
        files = mapping(document.get("template_files"))
        templates = [{"name": name, "template": content} for name, content in files.items()]
        return {**_of_alertmanager({**config, "templates": []}, notes), "templates": templates}
    if isinstance(document.get("route"), dict) and isinstance(document.get("receivers"), list):
        return _of_alertmanager(document, notes)
    group = text(document.get("apiVersion")).partition("/")[0]
    if group == NOTIFICATIONS_GROUP:
        listed = mappings(document.get("items")) if "items" in document else [document]
        return _of_objects(listed, text(document.get("kind")), notes)
    return None


def _of_objects(listed: Iterable[Json], kind: str, notes: Notes) -> Json:
    data: Json = {
        key: [] for key in ("contactPoints", "policies", "muteTimes", "templates", "inhibitionRules")
    }
    for one in listed:
        name, what = (
            text(mapping(one.get("metadata")).get("name")),
            text(one.get("kind")) or kind.removesuffix("List"),
        )
        if what == "Receiver":
            parts = objects.integrations(one)
            title = text(mapping(one.get("spec")).get("title"))
            data["contactPoints"].append({"name": title, "receivers": parts})
        elif what == "RoutingTree" and name == objects.ROUTING_TREE:
            data["policies"].append(objects.routing_tree(one))
        elif what == "RoutingTree":
            notes.drop(f"the routing tree `{name}`: a spec has the default one")
        elif what == "TimeInterval":
            data["muteTimes"].append(objects.mute_timing(one))
        elif what == "TemplateGroup":
            template = objects.template(one)
            data["templates"] += [] if template.get("provenance") == "system" else [template]
        elif what == "InhibitionRule":
            rule = objects.inhibition_rule(one)
            sides = {side: _triples(rule[f"{side}_matchers"]) for side in ("source", "target")}
            data["inhibitionRules"].append({"name": name, **sides, "equal": rule["equal"]})
        else:
            notes.drop(f"`{what}` `{name}`, which is no part of notifications that a spec has")
    return {key: value for key, value in data.items() if value}


def _triples(matchers: Iterable[Json]) -> list[list[str]]:
    return [[text(one.get("label")), text(one.get("type")), text(one.get("value"))] for one in matchers]


def _of_alertmanager(config: Json, notes: Notes) -> Json:
    every = mapping(config.get("global"))
    for entry in items(config.get("templates")):
        notes.drop(f"the templates in `{entry}`: add their texts below `templates:`")
    if every.get("smtp_smarthost"):
        server = (
            f"`alertmanager: {{smarthost: {every['smtp_smarthost']}, from: {every.get('smtp_from', '')}}}`"
        )
        notes.convert(f"the mail server belongs into dashgen.yaml: {server}")
    timings = [*mappings(config.get("time_intervals")), *mappings(config.get("mute_time_intervals"))]
    data = {
        "contactPoints": [_contact_point(one, every, notes) for one in mappings(config.get("receivers"))],
        "policies": [mapping(config.get("route"))],
        "muteTimes": timings,
        "inhibitionRules": list(_inhibition_rules(mappings(config.get("inhibit_rules")), notes)),
    }
    return {key: value for key, value in data.items() if value}


def _contact_point(receiver: Json, every: Json, notes: Notes) -> Json:
    name = text(receiver.get("name"))
    receivers = mappings(receiver.get("grafana_managed_receiver_configs"))
    for section in SECTION_FIELDS:
        for config in _merged(section, mappings(receiver.get(section))):
            receivers += _integrations(name, section, config, every, notes)
    return {"name": name, "receivers": receivers}


def _merged(section: str, configs: list[Json]) -> list[Json]:
    """The entries; mails that differ only in the address are one, as Grafana sends one to each address."""
    if section != "email_configs":
        return configs
    merged: list[Json] = []
    for config in configs:
        rest = {key: value for key, value in config.items() if key != "to"}
        same = next((one for one in merged if {k: v for k, v in one.items() if k != "to"} == rest), None)
        if same is None or "," in f"{config.get('to')}{same.get('to')}":
            merged.append(dict(config))
        else:
            same["to"] = f"{same['to']};{config.get('to', '')}"
    return merged


def _integrations(name: str, section: str, config: Json, every: Json, notes: Notes) -> list[Json]:
    """The integration of an entry of a receiver's section; none for what Grafana has no contact type for."""
    # Microsoft retired what the older kind of receiver posts to; its fields are the same.
    contact_type = _TYPES.get("msteamsv2_configs" if section == "msteams_configs" else section)
    if contact_type is None:
        notes.drop(f"`{section}` of receiver `{name}`, which Grafana has no contact type for")
        return []
    type_name, kind = contact_type
    config = {**_defaults(section, config, every), **config}
    settings: Json = {}
    used = {"send_resolved"}
    for setting, field in (*kind.fields.items(), *kind.secrets.items()):
        for path, is_file in _spellings(field.path):
            value = at(config, path, None)
            if value in (None, "", {}, []):
                continue
            used.add(path[0])
            _put(settings, setting, _reference(str(value)) if is_file else _setting(field.path, value))
    _adapt(settings, type_name, config)
    for key in sorted(config.keys() - used):
        notes.drop(f"`{key}` of `{section}` of receiver `{name}`")
    sends = config.get("send_resolved", section not in _SILENT)
    return [{"type": type_name, "settings": settings, "disableResolveMessage": sends is False}]


def _adapt(settings: Json, type_name: str, config: Json) -> None:
    """Change in place what Grafana's contact type expects in another form."""
    if type_name == "email" and "," in str(settings.get("addresses", "")):
        settings |= {"addresses": str(settings["addresses"]).replace(",", ";"), "singleEmail": True}
    if type_name == "slack":
        # The address of an incoming webhook is a secret; with a token it is Slack's own.
        settings.pop("endpointUrl", None)
        if "token" in settings:
            settings.pop("url", None)
        elif config.get("api_url"):
            settings["url"] = config["api_url"]
    if type_name == "opsgenie" and "apiUrl" in settings:
        settings["apiUrl"] = f"{str(settings['apiUrl']).rstrip('/')}/v2/alerts"


def _defaults(section: str, config: Json, every: Json) -> Json:
    """The fields that the file has once for all, where a receiver has none of its own."""
    filled: Json = {}
    for field, name in _GLOBALS.get(section, {}).items():
        for suffix in ("", "_file"):
            if not any(f"{field}{end}" in config for end in ("", "_file")) and every.get(f"{name}{suffix}"):
                filled[f"{field}{suffix}"] = every[f"{name}{suffix}"]
    return filled


def _spellings(path: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The paths of a field, and whether its value is the name of a file."""
    steps = tuple(path.split("."))
    is_file = path.endswith("_file")
    yield steps, is_file
    if is_file:
        yield (*steps[:-1], steps[-1].removesuffix("_file")), False


def _reference(path: str) -> str:
    """A reference for a file with a secret: to the variable that the file is called as, or to the file."""
    name = path.rpartition("/")[2]
    return f"${name}" if _VARIABLE.fullmatch(name) else f"$__file{{{path}}}"


def _setting(path: str, value: Any) -> Any:
    """A field's value as Grafana's setting has it."""
    last = path.rpartition(".")[2]
    if last == "http_headers" and isinstance(value, Mapping):
        return {key: ", ".join(map(str, items(mapping(part).get("values")))) for key, part in value.items()}
    if last in ("retry", "expire"):
        seconds = re.fullmatch(r"(\d+)s", str(value))
        return seconds[1] if seconds else value
    if path == "priority" and "og_priority" in str(value):
        return True
    return value


def _put(settings: Json, setting: str, value: Any) -> None:
    *above, last = setting.split(".")
    for step in above:
        settings = settings.setdefault(step, {})
    settings[last] = value


def _inhibition_rules(rules: Iterable[Json], notes: Notes) -> Iterator[Json]:
    taken: set[str] = set()
    for number, rule in enumerate(rules, 1):
        sides = {side: _side(rule, side) for side in ("source", "target")}
        if rule.get("sources") or not all(sides.values()):
            notes.drop(f"inhibition rule {number}, whose sides a spec cannot have")
            continue
        name = _free_name(text(rule.get("name")) or _described(sides), taken)
        taken.add(name)
        yield {"name": name, **sides, "equal": [text(label) for label in items(rule.get("equal"))]}


def _side(rule: Json, side: str) -> list[list[str]]:
    spelled = {key: rule.get(f"{side}_{key}") for key in ("matchers", "match", "match_re")}
    matchers = [list(matcher) for matcher in route_matchers(spelled)]
    return matchers if all(len(matcher) == 3 for matcher in matchers) else []


def _described(sides: Mapping[str, list[list[str]]]) -> str:
    source, target = (" ".join(matcher[2] for matcher in sides[side]) for side in ("source", "target"))
    return f"{source} over {target}"


def _free_name(text: str, taken: set[str]) -> str:
    base = slug(text, "rule")[: _LONGEST_NAME - 3].strip("-") or "rule"
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
