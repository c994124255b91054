"""Data sources: `provisioning/datasources/*.yaml`."""

from typing import Any
from urllib.parse import urlsplit

from dashgen.check.check_names import check_length, check_uid
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import ValueKind, check_entries, check_fields
from dashgen.check.inventory import Inventory, Once
from dashgen.check.provisioning.provisioned_values import NO_START, check_version, organization
from dashgen.check.provisioning_references import check_dollars, check_secret, is_reference
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping
from dashgen.formats.json_shapes import each, names

_FILE = {
    "apiVersion": ValueKind.NUMBER,
    "prune": ValueKind.BOOLEAN,
    "datasources": ValueKind.LIST,
    "deleteDatasources": ValueKind.LIST,
}
_DATA_SOURCE = {
    "orgId": ValueKind.NUMBER,
    **each(ValueKind.TEXT, "orgName name type access url user database basicAuthUser uid"),
    "version": ValueKind.NUMBER,
    **each(ValueKind.BOOLEAN, "basicAuth withCredentials isDefault editable"),
    "correlations": ValueKind.LIST,
    "jsonData": ValueKind.MAPPING,
    "secureJsonData": ValueKind.TEXT_MAPPING,
}
_DELETED = {"orgId": ValueKind.NUMBER, "orgName": ValueKind.TEXT, "name": ValueKind.TEXT}
TYPES = names(
    "prometheus loki tempo grafana-testdata-datasource testdata grafana-postgresql-datasource postgres",
    "mysql mssql influxdb elasticsearch cloudwatch graphite opentsdb jaeger zipkin",
    "grafana-pyroscope-datasource parca alertmanager stackdriver grafana-azure-monitor-datasource",
)
_OVER_HTTP = frozenset(names("prometheus loki tempo alertmanager jaeger zipkin graphite parca"))
# Where a data source names another one, as paths below `jsonData`; `*` stands for each item of a list.
_LINKS = (
    ("exemplarTraceIdDestinations", "*", "datasourceUid"),
    ("derivedFields", "*", "datasourceUid"),
    ("tracesToLogsV2", "datasourceUid"),
    ("tracesToMetrics", "datasourceUid"),
    ("tracesToProfiles", "datasourceUid"),
    ("serviceMap", "datasourceUid"),
    ("lokiSearch", "datasourceUid"),
    ("alertmanagerUid",),
)


def check_data_sources(report: Report) -> None:
    """Check one file of data sources."""
    if isinstance(report.data, dict):
        check_version(
            report, "Grafana then reads an outdated format and drops the uid, isDefault and jsonData"
        )
    check_fields(report, (), _FILE, "a file of data sources")
    for path, source in check_entries(report, ("datasources",), _DATA_SOURCE, "a data source"):
        _check_data_source(report, path, source)
    for path, deleted in check_entries(report, ("deleteDatasources",), _DELETED, "a data source to delete"):
        if not text_of(deleted.get("name")):
            report.error("datasource/name", path, "the data source to delete has no name", "add `name:`")


def _check_data_source(report: Report, path: Path, source: Json) -> None:
    name, kind = text_of(source.get("name")), text_of(source.get("type"))
    for key in ("name", "type"):
        if not text_of(source.get(key)):
            report.error(f"datasource/{key}", path, f"the data source has no {key}", f"add `{key}:`")
    check_length(report, (*path, "name"), name, 190, "the data source's name")
    check_length(report, (*path, "url"), source.get("url"), 255, "the data source's url")
    if not text_of(source.get("uid")):
        message = (
            f"data source `{name}` has no uid: Grafana makes one up, and no dashboard or rule can name it"
        )
        report.error("datasource/no-uid", path, message, "add `uid:`")
    check_uid(report, (*path, "uid"), source.get("uid"), "datasource/uid", f"data source `{name}`")
    if kind and kind not in TYPES and not kind.endswith(("-datasource", "-app")) and not is_reference(kind):
        hint = nearest(kind, TYPES) or "use the id of an installed plugin"
        report.error(
            "datasource/type", (*path, "type"), f"`{kind}` is not a data source type that Grafana ships", hint
        )
    _check_access(report, path, source, kind)
    plain = {key: value for key, value in source.items() if key != "secureJsonData"}
    check_dollars(report, path, plain, f"data source `{name}`")
    for key, value in mapping(source.get("secureJsonData")).items():
        check_secret(report, (*path, "secureJsonData", key), value, f"`{key}` of data source `{name}`")


def _check_access(report: Report, path: Path, source: Json, kind: str) -> None:
    access, url = text_of(source.get("access")), text_of(source.get("url"))
    if access not in ("", "proxy", "direct") and not is_reference(access):
        message = f"`{access}` is not an access mode: Grafana uses `proxy` instead, and only its log shows it"
        report.error("datasource/access", (*path, "access"), message, "write `proxy`")
    if not url and kind in _OVER_HTTP:
        report.error(
            "datasource/url", path, f"a {kind} data source without `url` answers no query", "add `url:`"
        )
    if _has_password(url):
        message = "the url contains a password"
        hint = "use `basicAuthUser` and `secureJsonData: {basicAuthPassword: $NAME}`"
        report.error("secret/plain-text", (*path, "url"), message, hint)


def _has_password(url: str) -> bool:
    try:
        password = urlsplit(url).password
    except ValueError:
        return False
    return bool(password) and not is_reference(str(password))


def check_data_sources_together(inventory: Inventory) -> None:
    """Check all files of data sources together, and add the data sources to the inventory."""
    defaults = Once(
        "datasource/default",
        f"{NO_START}: Only one datasource per organization can be marked as default",
        "remove `isDefault` from one of them",
    )
    names = Once(
        "datasource/duplicate-name", "data source `{name}` is defined twice: the last one wins", "rename one"
    )
    uids = Once(
        "datasource/duplicate-uid",
        f"{NO_START}: the data source uid `{{name}}` is used twice",
        "change one uid",
    )
    for report in inventory.data_sources:
        for index, source in entries(mapping(report.data).get("datasources")):
            path: Path = ("datasources", index)
            org, name, uid = organization(source), text_of(source.get("name")), text_of(source.get("uid"))
            if text_of(source.get("isDefault")).lower() in ("true", "1", "t"):
                defaults.add(org, name, report, (*path, "isDefault"))
            if name:
                names.add((org, name), name, report, (*path, "name"))
                inventory.data_source_names.add(name)
            if uid:
                uids.add((org, uid), uid, report, (*path, "uid"))
                inventory.data_source_types[uid] = text_of(source.get("type"))
    for report in inventory.data_sources:
        _check_links(inventory, report)


def _check_links(inventory: Inventory, report: Report) -> None:
    for index, source in entries(mapping(report.data).get("datasources")):
        for route in _LINKS:
            for path, value in _follow(source.get("jsonData"), route, ("datasources", index, "jsonData")):
                uid = text_of(value)
                if uid and "$" not in uid:
                    name = text_of(source.get("name"))
                    message = f"data source `{name}` links to data source `{uid}`, which does not exist"
                    inventory.check_data_source(report, path, uid, message)


def _follow(value: object, route: tuple[str, ...], path: Path) -> list[tuple[Path, Any]]:
    if not route:
        return [(path, value)]
    step, rest = route[0], route[1:]
    if step == "*":
        items = value if isinstance(value, list) else []
        return [match for i, item in enumerate(items) for match in _follow(item, rest, (*path, i))]
    return _follow(value[step], rest, (*path, step)) if isinstance(value, dict) and step in value else []
