"""The normal form of alert rules, from provisioning files and from the API."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.json_shapes import names
from dashgen.formats.normal.normal_shape import RULE, shaped
from dashgen.formats.normal.normal_targets import normal_target
from dashgen.formats.normal.organisation import organisation
from dashgen.formats.normal.plain_values import seconds, undollared, without_empty
from dashgen.formats.resources import ALERT_RULE, RECORDING_RULE, RULE_GROUP, Resource

PANEL_LINK = ("__dashboardUid__", "__panelId__")
_INTERPOLATED = ("title", "labels", "notification_settings")
# Provisioning files spell these keys in camel case, the API in snake case.
_SPELLINGS = {
    "keepFiringFor": "keep_firing_for",
    "missingSeriesEvalsToResolve": "missing_series_evals_to_resolve",
    "notificationSettings": "notification_settings",
}
_DROPPED = frozenset(
    names(
        "id uid title orgID orgId updated provenance ruleGroup folderUID guid version dashboardUid",
        "panelId data annotations notification_settings record",
    )
)
_NOTICE_TIMES = ("group_wait", "group_interval", "repeat_interval")
_EXPRESSIONS = ("__expr__", "-100")
_OF_GROUP = frozenset(("name", "title", "folder", "folderUid", "rules"))


def rules_of_file(group: Mapping[str, Any], *, path: str = "") -> Iterator[Resource]:
    """The rules of a group in a provisioning file, and the group itself."""
    name, folder = undollared(scalar_text(group.get("name"))), undollared(scalar_text(group.get("folder")))
    yield group_resource({**group, **organisation(group)}, name, folder, path=path)
    for rule in mappings(group.get("rules")):
        read = {key: undollared(value) if key in _INTERPOLATED else value for key, value in rule.items()}
        yield rule_resource(read, folder, name, path=path)


def rules_of_api(groups: Iterable[Mapping[str, Any]], folders: Mapping[str, str]) -> Iterator[Resource]:
    """Rule groups as the API gives them (``/folder/…/rule-groups/…``).

    Args:
        groups: the groups.
        folders: the path of titles of each folder by its uid.
    """
    for group in groups:
        name, uid = scalar_text(group.get("title")), scalar_text(group.get("folderUid"))
        folder = folders.get(uid, uid)
        yield group_resource(group, name, folder)
        for rule in mappings(group.get("rules")):
            yield rule_resource(rule, folder, name)


def group_resource(group: Mapping[str, Any], name: str, folder: str, *, path: str = "") -> Resource:
    """A rule group: how often its rules are evaluated, in which order, and its other settings."""
    data = {key: value for key, value in group.items() if key not in _OF_GROUP}
    data |= {key: seconds(data[key]) for key in ("interval", "query_offset") if key in data}
    data["rules"] = rule_names(scalar_text(rule.get("title")) for rule in mappings(group.get("rules")))
    group_data = {key: value for key, value in without_empty(data).items() if value != 0}
    return Resource(RULE_GROUP, f"{folder}/{name}", name, group_data, folder, path)


def rule_names(titles: Iterable[str]) -> list[str]:
    """The names of rules in the order of their evaluation; later ones with a name are numbered."""
    seen: Counter[str] = Counter()
    names = []
    for title in titles:
        seen[title] += 1
        names.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return names


def rule_resource(
    rule: Mapping[str, Any], folder: str, group: str, *, path: str = "", spec: str = ""
) -> Resource:
    """One rule, in the spelling of either files or the API.

    Args:
        rule: the rule, with no ``$`` doubled.
        folder: the path of its folder's titles.
        group: its group's name.
        path: the file that it was read from.
        spec: the spec that it was made from.
    """
    rule = shaped(dict(rule), RULE)
    title, record = scalar_text(rule.get("title")), mapping(rule.get("record"))
    uid = scalar_text(rule.get("uid")) or title
    kind = RECORDING_RULE if record else ALERT_RULE
    data = _recording(rule, record) if record else _alert(rule)
    return Resource(kind, uid, title, {**data, "group": group}, folder, path, spec)


def _alert(rule: Mapping[str, Any]) -> Json:
    rule_data = {_SPELLINGS.get(key, key): value for key, value in rule.items()}
    notices = mapping(rule_data.get("notification_settings"))
    data = {key: value for key, value in rule_data.items() if key not in _DROPPED}
    data |= {key: seconds(data[key]) for key in ("for", "keep_firing_for") if key in data}
    data["data"] = _queries(rule)
    data["annotations"] = _annotations(rule)
    data["labels"] = {key: scalar_text(value) for key, value in mapping(rule.get("labels")).items()}
    data["notification_settings"] = {k: seconds(v) if k in _NOTICE_TIMES else v for k, v in notices.items()}
    # What Grafana takes where a rule has no state of its own (pkg/services/ngalert/models, 12.4).
    data["noDataState"] = rule_data.get("noDataState") or "NoData"
    data["execErrState"] = rule_data.get("execErrState") or "Alerting"
    normal_form: Json = without_empty(data)
    return {key: value for key, value in normal_form.items() if value is not False and value != 0}


def _recording(rule: Mapping[str, Any], record: Json) -> Json:
    # Grafana clears everything of a recording rule that is about alerting.
    spelled = {"targetDatasourceUid": "target_datasource_uid"}
    data = {
        "data": _queries(rule),
        "labels": {key: scalar_text(value) for key, value in mapping(rule.get("labels")).items()},
        "record": {spelled.get(key, key): value for key, value in record.items()},
        "isPaused": rule.get("isPaused") or None,
    }
    normal_form: Json = without_empty(data)
    return normal_form


def _annotations(rule: Mapping[str, Any]) -> dict[str, str]:
    normal_form = {key: scalar_text(value) for key, value in mapping(rule.get("annotations")).items()}
    for key, value in zip(PANEL_LINK, (rule.get("dashboardUid"), rule.get("panelId")), strict=True):
        if value:
            normal_form.setdefault(key, scalar_text(value))
    return normal_form


def _queries(rule: Mapping[str, Any]) -> list[Json]:
    """The queries of a rule by name.

    Their order means nothing, and Grafana 13's resources do not keep it (a map in
    apps/alerting/rules/kinds/v0alpha1/rule_spec.cue).
    """
    return sorted((_query(item) for item in mappings(rule.get("data"))), key=lambda query: query["refId"])


def _query(query: Mapping[str, Any]) -> Json:
    model = normal_target(mapping(query.get("model")))
    model.pop("refId", None)
    source = scalar_text(query.get("datasourceUid"))
    # The data source of expressions had the uid -100 once, which is still read.
    is_expression = source in _EXPRESSIONS
    if is_expression or mapping(model.get("datasource")).get("uid") in (source, None):
        model.pop("datasource", None)
    if model.get("type") == "threshold":
        model["conditions"] = [_threshold(item) for item in mappings(model.get("conditions"))]
    normal_form = {"refId": scalar_text(query.get("refId")), "model": model}
    normal_form["datasourceUid"] = "__expr__" if is_expression else source
    span = mapping(query.get("relativeTimeRange"))
    if not is_expression and (span.get("from") or span.get("to")):
        normal_form["relativeTimeRange"] = {key: value for key, value in span.items() if value}
    kind = query.get("queryType")
    if kind and kind not in ("range", "instant", model.get("queryType")):
        normal_form["queryType"] = kind
    return normal_form


def _threshold(condition: Mapping[str, Any]) -> Json:
    # A threshold only reads these; exports and the editor add the fields of classic conditions.
    return {key: condition[key] for key in ("evaluator", "unloadEvaluator") if condition.get(key)}
