"""A rule of ``/apis/rules.alerting.grafana.app`` and the JSON of the same rule in the provisioning API.

dashgen speaks of rules in the provisioning API's JSON everywhere; only here are the two forms known.
(Grafana 13.0 to 13.3: apps/alerting/rules/definitions/alerting-manifest.yaml at 006a6f98 for the kinds,
pkg/registry/apps/alerting/rules/{alertrule,recordingrule}/compat.go for the conversion; the notes on 13.3 are
from its documentation, "Alert rules HTTP API".)

What differs:

- a rule has its folder, its group and its number in the group in its metadata, and a rule without a group has
  none;
- queries are a map by refId, and the one that decides is marked with ``source``: their order means nothing;
- ``OK`` is ``Ok``, seconds are durations, and a rule that names its notifications says how (``type``), which
  v0alpha1 of Grafana 13.0 does not know;
- recording rules are a kind of their own.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.managers import Marks
from dashgen.servers.grafana.rule_forms import seconds
from dashgen.servers.http.response_values import integer, mapping, text

RULES_GROUP: Final = "rules.alerting.grafana.app"
USABLE_VERSIONS: Final = ("v1beta1", "v0alpha1")
"""The versions that dashgen speaks, the best one first."""
KINDS: Final = {"alertrules": "AlertRule", "recordingrules": "RecordingRule"}
"""The kinds by their names in paths."""
_FOLDER: Final = "grafana.app/folder"
_PROVENANCE: Final = "grafana.com/provenance"
_GROUP: Final = "grafana.com/group"
_INDEX: Final = "grafana.com/group-index"
_EXPRESSIONS: Final = "__expr__"
_PANEL: Final = ("__dashboardUid__", "__panelId__")
_STATES: Final = ("noDataState", "execErrState")
_ROUTING: Final = {
    "receiver": "receiver",
    "group_by": "groupBy",
    "group_wait": "groupWait",
    "group_interval": "groupInterval",
    "repeat_interval": "repeatInterval",
    "mute_time_intervals": "muteTimeIntervals",
    "active_time_intervals": "activeTimeIntervals",
}
"""The keys of notification settings in the provisioning API and in resources."""
_SAME: Final[Json] = {"labels": {}, "annotations": {}, "missingSeriesEvalsToResolve": None}
"""Keys of the same name and form in both, and what they are when they are missing."""
_LENGTHS: Final = {"for": "for", "keep_firing_for": "keepFiringFor"}
_UNITS: Final = (("h", 3600), ("m", 60), ("s", 1))


class RuleResource(Struct, frozen=True):
    """One rule as it was read.

    Attributes:
        rule: the rule in the JSON of the provisioning API, with ``folderUID``, ``ruleGroup`` (empty when it
            is in none) and its ``provenance``, if it has one.
        plural: its kind's name in paths.
        interval: how often it is evaluated, in seconds.
        index: its number in its group.
        metadata: its metadata as they were read; a write has to send them back.
    """

    rule: Json
    plural: str
    interval: int
    index: int
    metadata: Json

    @property
    def uid(self) -> str:
        """The uid of the rule."""
        return text(self.rule, "uid")

    @property
    def place(self) -> tuple[str, str]:
        """The folder and the group."""
        return text(self.rule, "folderUID"), text(self.rule, "ruleGroup")

    @property
    def marks(self) -> Marks:
        """Who manages it."""
        return Marks.of_annotations(mapping(self.metadata, "annotations"))


def plural_of(rule: Mapping[str, Any]) -> str:
    """The name in paths of the kind that a rule of the provisioning API is of."""
    return "recordingrules" if rule.get("record") else "alertrules"


def read_rule(resource: Json, plural: str) -> RuleResource:
    """Read a resource.

    Args:
        resource: ``{"metadata": {"name": uid, "labels": {…}, …}, "spec": {…}}``.
        plural: its kind's name in paths.
    """
    metadata, spec = mapping(resource, "metadata"), mapping(resource, "spec")
    annotations, labels = mapping(metadata, "annotations"), mapping(metadata, "labels")
    index, provenance = text(labels, _INDEX), text(annotations, _PROVENANCE)
    rule = {
        "uid": text(metadata, "name"),
        "folderUID": text(annotations, _FOLDER),
        "ruleGroup": text(labels, _GROUP),
        **({"provenance": provenance} if provenance else {}),
        "title": text(spec, "title"),
        "isPaused": spec.get("paused") is True,
        **_queries(mapping(spec, "expressions"), recording=plural == "recordingrules"),
        **(_of_recording(spec) if plural == "recordingrules" else _of_alert(spec)),
    }
    interval = int(seconds(text(mapping(spec, "trigger"), "interval")) or 0)
    return RuleResource(rule, plural, interval, int(index) if index.isdecimal() else 0, metadata)


def _queries(expressions: Json, *, recording: bool) -> Json:
    data, source = [], ""
    for ref_id, expression in sorted(expressions.items()):
        span = mapping(expression, "relativeTimeRange")
        query = {
            "refId": ref_id,
            "queryType": text(expression, "queryType"),
            "datasourceUid": text(expression, "datasourceUID") or _EXPRESSIONS,
            "model": mapping(expression, "model"),
            "relativeTimeRange": {key: int(seconds(text(span, key)) or 0) for key in ("from", "to")},
        }
        data.append(query)
        if mapping(expressions, ref_id).get("source") is True:
            source = ref_id
    return {"data": data, "condition": "" if recording else source}


def _of_recording(spec: Json) -> Json:
    source = next((ref_id for ref_id, one in mapping(spec, "expressions").items() if one.get("source")), "")
    record = {"metric": text(spec, "metric"), "from": source}
    if target := text(spec, "targetDatasourceUID"):
        record["target_datasource_uid"] = target
    return {"record": record, "labels": mapping(spec, "labels")}


def _of_alert(spec: Json) -> Json:
    rule: Json = {key: spec.get(key) or default for key, default in _SAME.items()}
    rule |= {key: text(spec, name) or "0s" for key, name in _LENGTHS.items()}
    rule |= {key: "OK" if spec.get(key) == "Ok" else text(spec, key) for key in _STATES}
    panel = mapping(spec, "panelRef")
    values = text(panel, "dashboardUID"), str(integer(panel, "panelID"))
    if all(values) and panel:
        # The same is in the annotations, unless the resource was written without them.
        rule["annotations"] = {**dict(zip(_PANEL, values, strict=True)), **rule["annotations"]}
    settings = mapping(spec, "notificationSettings")
    if policy := text(settings, "routingTree"):
        rule["notification_settings"] = {"policy": policy}
    elif settings:
        rule["notification_settings"] = {
            key: settings[name] for key, name in _ROUTING.items() if settings.get(name) is not None
        }
    return rule


def resource_of(rule: Mapping[str, Any], live: RuleResource, version: str) -> Json:
    """The resource that replaces one that was read; its folder, group, number and marks stay as they are.

    Args:
        rule: the rule in the JSON of the provisioning API.
        live: the resource as it was read.
        version: the version of the API.
    """
    metadata_keys = ("name", "namespace", "resourceVersion", "labels", "annotations")
    spec: Json = {
        "title": text(rule, "title"),
        "trigger": {"interval": duration(live.interval)},
        "expressions": _expressions(rule),
        "labels": dict(rule.get("labels") or {}),
    }
    if rule.get("isPaused"):
        spec["paused"] = True
    record = rule.get("record")
    spec |= _recording_spec(record) if record else _alert_spec(rule, version)
    return {
        "apiVersion": f"{RULES_GROUP}/{version}",
        "kind": KINDS[live.plural],
        "metadata": {key: live.metadata[key] for key in metadata_keys if key in live.metadata},
        "spec": spec,
    }


def _expressions(rule: Mapping[str, Any]) -> Json:
    record = rule.get("record") or {}
    source = record.get("from") if record else rule.get("condition")
    expressions: Json = {}
    for query in rule.get("data") or ():
        ref_id, span = text(query, "refId"), mapping(query, "relativeTimeRange")
        expression: Json = {"model": mapping(query, "model")}
        if kind := text(query, "queryType"):
            expression["queryType"] = kind
        uid = text(query, "datasourceUid")
        # Expressions have no data source, "-100" was the uid of theirs once.
        if uid not in ("", _EXPRESSIONS, "-100"):
            expression["datasourceUID"] = uid
            times = {key: duration(integer(span, key)) for key in ("from", "to")}
            expression["relativeTimeRange"] = times
        if ref_id == source:
            expression["source"] = True
        expressions[ref_id] = expression
    return expressions


def _recording_spec(record: Mapping[str, Any]) -> Json:
    return {
        "metric": text(record, "metric"),
        "targetDatasourceUID": text(record, "target_datasource_uid"),
    }


def _alert_spec(rule: Mapping[str, Any], version: str) -> Json:
    spec: Json = {key: rule[key] for key in _SAME if rule.get(key)}
    # What Grafana takes where a rule has no state of its own (pkg/services/ngalert/models, 12.4).
    states = {"noDataState": "NoData", "execErrState": "Alerting"}
    spec |= {key: text(rule, key) or default for key, default in states.items()}
    spec |= {key: "Ok" for key in _STATES if spec[key] == "OK"}
    for key, name in _LENGTHS.items():
        length = seconds(text(rule, key))
        if length:
            spec[name] = duration(int(length))
    annotations = rule.get("annotations") or {}
    dashboard, panel = (str(annotations.get(key, "")) for key in _PANEL)
    if dashboard and panel.isdecimal() and int(panel) > 0:
        spec["panelRef"] = {"dashboardUID": dashboard, "panelID": int(panel)}
    if settings := rule.get("notification_settings"):
        spec["notificationSettings"] = _routing(settings, version)
    return spec


def _routing(settings: Mapping[str, Any], version: str) -> Json:
    if policy := text(settings, "policy"):
        return {"type": "NamedRoutingTree", "routingTree": policy}
    routing = {name: settings[key] for key, name in _ROUTING.items() if settings.get(key)}
    # v0alpha1 takes this one when nothing is said, and in Grafana 13.0 knows no other.
    return routing if version == "v0alpha1" else {"type": "SimplifiedRouting", **routing}


def duration(length: int) -> str:
    """A duration as Prometheus spells it, such as ``1h30m``; ``0s`` for none.

    Args:
        length: in seconds.
    """
    parts, rest = [], length
    for unit, size in _UNITS:
        if rest >= size:
            parts.append(f"{rest // size}{unit}")
            rest %= size
    return "".join(parts) or "0s"
