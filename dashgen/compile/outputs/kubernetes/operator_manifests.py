"""Resources of the Grafana operator (grafana.integreatly.org/v1beta1, version 5.24).

Sources: the CRDs and `api/v1beta1` of github.com/grafana/grafana-operator. A contact point's value from a
Secret replaces a whole setting (`SetPath` in contactpoint_controller.go); in a data source ``${KEY}``
inside a text is replaced (`buildDatasourceModel` in datasource_controller.go).
"""

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import orjson

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.data_source_files import DATA_SOURCES_FILE
from dashgen.compile.outputs.grafana_rules import group_with_raw
from dashgen.compile.outputs.kubernetes.folder_tree import FolderNode, folder_uid
from dashgen.compile.outputs.kubernetes.manifest import (
    ManifestSettings,
    below,
    manifest,
    resource_name,
    text_manifest,
    without_empty,
)
from dashgen.compile.outputs.kubernetes.operator_secrets import OperatorSecrets
from dashgen.compile.outputs.notification_files import (
    CONTACT_POINTS_FILE,
    MUTE_TIMINGS_FILE,
    TEMPLATES_FILE,
)
from dashgen.compile.outputs.policy_tree import POLICIES_FILE
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json
from dashgen.model.duration import whole_seconds
from dashgen.model.folder import FolderPlaces, split_path
from dashgen.model.settled_alerts import SettledGroup
from dashgen.source.provenance import SpecPart

API: Final = "grafana.integreatly.org/v1beta1"
_LARGEST_TEXT: Final = 512 * 1024
"""From this size on dashboards are packed: a resource of Kubernetes has at most about 1.5 MiB."""
_RULE_KEYS: Final = {
    "notification_settings": "notificationSettings",
    "missing_series_evals_to_resolve": "missingSeriesEvalsToResolve",
}
_NOT_IN_RULES: Final = ("dashboardUid", "panelId")
_OF_RECORDS: Final = {"condition": "A", "for": "0s", "noDataState": "OK", "execErrState": "Error"}
"""What the operator demands of a recording rule, which has no condition."""
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def operator_dashboard(
    dashboard: Artifact, data: Json, folder: str | None, settings: ManifestSettings, places: FolderPlaces
) -> Artifact:
    """The `GrafanaDashboard` of a dashboard.

    Args:
        dashboard: its file.
        data: its JSON.
        folder: the path of titles of its folder.
        settings: what every resource gets.
        places: the folders of specs.
    """
    resource = dashboard.resources[0]
    name = resource_name(resource.uid)
    titles = split_path(folder or "")
    spec = {
        **_common(settings),
        "uid": resource.uid,
        **({"folderRef": resource_name(folder_uid(titles, places))} if titles else {}),
    }
    head = _resource("GrafanaDashboard", name, spec, settings)
    path = f"operator/dashboards/{name}"
    text = orjson.dumps(data, option=_OPTIONS | orjson.OPT_INDENT_2)
    if len(text) <= _LARGEST_TEXT:
        return text_manifest(path, head, "  json:", text.decode(), (resource,))
    packed = gzip.compress(orjson.dumps(data, option=_OPTIONS), mtime=0)
    spec["gzipJson"] = base64.b64encode(packed).decode()
    return manifest(path, head, resource, ())


def operator_manifests(
    groups: Sequence[SettledGroup],
    files: Iterable[Artifact],
    folders: Sequence[FolderNode],
    settings: ManifestSettings,
) -> tuple[list[Artifact], list[Diagnostic]]:
    """Everything but dashboards, and what the operator cannot be given.

    Args:
        groups: the rule groups.
        files: the files of Grafana's provisioning.
        folders: the folders, each after the one that it is in.
        settings: what every resource gets.
    """
    secrets = OperatorSecrets(settings.kubernetes.operator.secret)
    uids = {folder.titles: folder.uid for folder in folders}
    artifacts = [_folder(folder, uids, settings) for folder in folders]
    artifacts += [one for group in groups for one in _group(group, uids, settings)]
    by_path = {file.path: file for file in files}
    writers = {
        CONTACT_POINTS_FILE: _contact_points,
        POLICIES_FILE: _policies,
        MUTE_TIMINGS_FILE: _named,
        TEMPLATES_FILE: _named,
        DATA_SOURCES_FILE: _data_sources,
    }
    for path, write in writers.items():
        if path in by_path:
            artifacts += write(by_path[path], settings, secrets)
    return artifacts, secrets.diagnostics


def _common(settings: ManifestSettings) -> Json:
    operator = settings.kubernetes.operator
    common: Json = {"instanceSelector": {"matchLabels": dict(sorted(operator.instances.items()))}}
    if operator.resync is not None:
        common["resyncPeriod"] = go_duration(operator.resync)
    return common


def _resource(kind: str, name: str, spec: Json, settings: ManifestSettings) -> Json:
    return {"apiVersion": API, "kind": kind, "metadata": settings.metadata(name), "spec": spec}


def _folder(folder: FolderNode, uids: Mapping[tuple[str, ...], str], settings: ManifestSettings) -> Artifact:
    name = resource_name(folder.uid)
    spec = {**_common(settings), "title": folder.titles[-1], "uid": folder.uid}
    if folder.parent:
        spec["parentFolderRef"] = resource_name(uids[folder.parent])
    resource = ArtifactResource("folder", folder.uid, folder.titles[-1], folder.location)
    return manifest(
        f"operator/folders/{name}", _resource("GrafanaFolder", name, spec, settings), resource, ()
    )


def _group(
    group: SettledGroup, uids: Mapping[tuple[str, ...], str], settings: ManifestSettings
) -> list[Artifact]:
    data, rules = group_with_raw(group)
    if not rules:
        return []
    resolved = group.document.resolved
    name = resource_name(group.name)
    spec = {
        **_common(settings),
        "name": group.name,
        "folderRef": resource_name(uids.get(split_path(group.folder), group.folder)),
        "interval": go_duration(group.interval),
        "rules": [_rule(rule) for rule in data["rules"]],
    }
    parts = [
        (("spec", "rules", number), SpecPart(resolved, rule.placed.path)) for number, rule in enumerate(rules)
    ]
    resource = ArtifactResource(
        "rule-group", f"grafana/{group.name}", group.name, resolved.origin(("group",)).location()
    )
    data = _resource("GrafanaAlertRuleGroup", name, spec, settings)
    return [manifest(f"operator/rules/{name}", data, resource, [((), SpecPart(resolved)), *parts])]


def _rule(rule: Json) -> Json:
    data = {_RULE_KEYS.get(key, key): value for key, value in rule.items() if key not in _NOT_IN_RULES}
    if "record" in data:
        return {**_OF_RECORDS, **data}
    for key in ("for", "keepFiringFor"):
        if key in data:
            data[key] = go_duration(str(data[key]))
    return data


def go_duration(text: str) -> str:
    """A duration as Go writes it, which has no days: ``1d`` is ``24h``."""
    seconds = whole_seconds(text)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _contact_points(file: Artifact, settings: ManifestSettings, secrets: OperatorSecrets) -> list[Artifact]:
    artifacts = []
    # One resource for each receiver, in their order.
    resources = iter(file.resources)
    for number, point in enumerate(file.data.get("contactPoints", ())):
        mine = [next(resources) for _ in point["receivers"]]
        if not mine:
            continue  # that it notifies nobody is reported
        start = ("contactPoints", number)
        origins = below(("spec",), file.origins, start)
        receivers = []
        for index, receiver in enumerate(point["receivers"]):
            at = next((part for path, part in origins if path == ("spec", "receivers", index)), None)
            filled, values = secrets.whole_values(receiver["settings"], at)
            receivers.append({**receiver, "settings": filled, **without_empty({"valuesFrom": values})})
        name = resource_name(point["name"])
        point_name = secrets.plain(point["name"], origins[-1][1] if origins else None)
        spec = {**_common(settings), "name": point_name, "receivers": receivers}
        data = _resource("GrafanaContactPoint", name, spec, settings)
        artifacts.append(manifest(f"operator/contact-points/{name}", data, mine[0], origins))
    return artifacts


def _policies(file: Artifact, settings: ManifestSettings, secrets: OperatorSecrets) -> list[Artifact]:
    artifacts = []
    for number, tree in enumerate(file.data.get("policies", ())):
        part = file.origins[0][1] if file.origins else None
        route = {key: secrets.plain(value, part) for key, value in tree.items() if key != "orgId"}
        data = _resource(
            "GrafanaNotificationPolicy", "policies", {**_common(settings), "route": route}, settings
        )
        origins = below(("spec", "route"), file.origins, ("policies", number))
        artifacts.append(manifest("operator/policies/policies", data, file.resources[0], origins))
    return artifacts


def _named(file: Artifact, settings: ManifestSettings, secrets: OperatorSecrets) -> list[Artifact]:
    """Mute timings and templates, which have no secrets and no references."""
    del secrets
    kinds = {
        "muteTimes": ("GrafanaMuteTiming", "mute-timings"),
        "templates": ("GrafanaNotificationTemplate", "templates"),
    }
    artifacts = []
    for section, (kind, folder) in kinds.items():
        for number, entry in enumerate(file.data.get(section, ())):
            name = resource_name(entry["name"])
            own = {key: value for key, value in entry.items() if key != "orgId"}
            data = _resource(kind, name, {**_common(settings), **own}, settings)
            origins = below(("spec",), file.origins, (section, number))
            artifacts.append(manifest(f"operator/{folder}/{name}", data, file.resources[number], origins))
    return artifacts


def _data_sources(file: Artifact, settings: ManifestSettings, secrets: OperatorSecrets) -> list[Artifact]:
    artifacts = []
    for number, source in enumerate(file.data.get("datasources", ())):
        origins = below(("spec", "datasource"), file.origins, ("datasources", number))
        own = {key: value for key, value in source.items() if key not in ("orgId", "uid")}
        filled, values = secrets.inside_texts(own, origins[0][1] if origins else None)
        spec = {
            **_common(settings),
            "uid": source["uid"],
            "datasource": filled,
            **without_empty({"valuesFrom": values}),
        }
        name = resource_name(source["uid"])
        data = _resource("GrafanaDatasource", name, spec, settings)
        artifacts.append(manifest(f"operator/datasources/{name}", data, file.resources[number], origins))
    return artifacts
