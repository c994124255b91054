"""The kind of a file: from its folder where that decides it, else from its content."""

import re
from enum import Enum

from dashgen.check.check_alertmanager import is_alertmanager_config
from dashgen.check.check_files import File
from dashgen.check.check_report import entries
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern


class FileKind(Enum):
    """What a file of a tree of artifacts can be."""

    DASHBOARD = "dashboard"
    RESOURCE = "dashboard resource"
    BARE_V2 = "v2 dashboard without its envelope"
    API_BODY = "body of an API request"
    PROVIDERS = "dashboard providers"
    DATA_SOURCES = "data sources"
    ALERTING = "alerting"
    PROMETHEUS_RULES = "Prometheus rules"
    LOKI_RULES = "Loki rules"
    ALERTMANAGER = "configuration of Alertmanager"
    LOCK = "lock file"


LOCK_NAME = "dashgen.lock.json"
# The lists that make a file one of its kind, each with a key that an entry has there and hardly elsewhere.
_LISTS = {
    FileKind.PROVIDERS: {"providers": "options"},
    FileKind.DATA_SOURCES: {"datasources": "type", "deleteDatasources": "name"},
    FileKind.ALERTING: {
        "contactPoints": "receivers",
        "deleteContactPoints": "uid",
        "policies": "receiver",
        "resetPolicies": "",
        "muteTimes": "time_intervals",
        "deleteMuteTimes": "name",
        "templates": "template",
        "deleteTemplates": "name",
        "deleteRules": "uid",
    },
}
_PROVISIONING = {
    "dashboards": FileKind.PROVIDERS,
    "datasources": FileKind.DATA_SOURCES,
    "alerting": FileKind.ALERTING,
}
_RULES = {"prometheus": FileKind.PROMETHEUS_RULES, "loki": FileKind.LOKI_RULES}
_LOGQL = lazy_pattern(
    r"\|[=~>]|\}\s*\||\|\s*(?:json|logfmt|pattern|regexp|unwrap|line_format|label_format)\b"
)
_HINT = lazy_pattern(
    r'"(?:panels|schemaVersion|elements)"\s*:|dashboard\.grafana\.app|'
    r"^(?:providers|datasources|contactPoints|muteTimes|groups)\s*:",
    re.MULTILINE,
)


def kind_of(file: File) -> FileKind | None:
    """The kind of a file that could be read; None when Grafana, Prometheus and Loki would not read it."""
    data = file.document.data if file.document else None
    if file.path.name == LOCK_NAME:
        return FileKind.LOCK
    by_folder = _by_folder(file)
    if by_folder:
        return by_folder
    if file.suffix == ".json":
        kind = _json_kind(data) if isinstance(data, dict) else None
        if kind or file.is_below_dashboards:
            return kind or FileKind.DASHBOARD
    return _yaml_kind(file, data) if isinstance(data, dict) else None


def may_be_artifact(file: File) -> bool:
    """Whether a file that does not parse seems to be an artifact."""
    if file.named or file.path.name == LOCK_NAME or _by_folder(file):
        return True
    return (file.suffix == ".json" and file.is_below_dashboards) or bool(_HINT.search(file.text))


def _by_folder(file: File) -> FileKind | None:
    above = file.folders[-2:]
    if len(above) < 2:
        return None
    # Grafana reads .json files from the alerting folder only.
    if above[0] == "provisioning" and (file.suffix != ".json" or above[1] == "alerting"):
        return _PROVISIONING.get(above[1])
    return _RULES.get(above[1]) if above[0] == "rules" and file.suffix != ".json" else None


def _json_kind(data: Json) -> FileKind | None:
    if str(data.get("apiVersion", "")).startswith("dashboard.grafana.app/"):
        return FileKind.RESOURCE
    if isinstance(data.get("elements"), dict) and "layout" in data:
        return FileKind.BARE_V2
    if isinstance(data.get("dashboard"), dict) and "panels" not in data:
        return FileKind.API_BODY
    marks = ("panels", "schemaVersion", "templating", "rows")
    return FileKind.DASHBOARD if any(mark in data for mark in marks) else None


def _yaml_kind(file: File, data: Json) -> FileKind | None:
    # `kind` marks Kubernetes manifests and specs.
    if "kind" in data:
        return None
    if is_alertmanager_config(data):
        return FileKind.ALERTMANAGER
    for kind, lists in _LISTS.items():
        if any(_has_entry(data.get(section), mark) for section, mark in lists.items()):
            return kind
    groups = list(entries(data.get("groups")))
    if "apiVersion" in data or any("folder" in group or "orgId" in group for _index, group in groups):
        return FileKind.ALERTING if groups else None
    if not any("rules" in group for _index, group in groups):
        return None
    return FileKind.LOKI_RULES if "loki" in file.folders or _is_logql(groups) else FileKind.PROMETHEUS_RULES


def _has_entry(section: object, mark: str) -> bool:
    if not isinstance(section, list):
        return False
    return not mark or any(mark in entry for _index, entry in entries(section))


def _is_logql(groups: list[tuple[int, Json]]) -> bool:
    rules = (rule for _index, group in groups for _number, rule in entries(group.get("rules")))
    return any(_LOGQL.search(str(mapping(rule).get("expr", ""))) for rule in rules)
