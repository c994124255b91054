"""The normal form of data sources, folders, providers, and rules of Prometheus and Loki."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from dashgen.core.json_values import mapping, mappings, scalar_text
from dashgen.formats.json_shapes import names
from dashgen.formats.normal.normal_rules import rule_names
from dashgen.formats.normal.normal_shape import RULE_OF_SERVER, shaped
from dashgen.formats.normal.organisation import with_organisation
from dashgen.formats.normal.plain_values import REDACTED, seconds, undollared, without_defaults, without_empty
from dashgen.formats.resources import (
    ALERT_RULE,
    CONTACT_POINT,
    DATA_SOURCE,
    DELETION,
    EVENT,
    FOLDER,
    KINDS,
    MUTE_TIMING,
    POLICIES,
    PROVIDER,
    RULE_GROUP,
    SERVER_RULE,
    TEMPLATE,
    Resource,
)

_SERVER_SET = frozenset(
    names(
        "id uid name orgId org_id version typeLogoUrl typeName readOnly apiVersion secureJsonFields",
        "secureJsonData created updated accessControl",
    )
)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_GROUP_TIMES = ("interval", "query_offset", "evaluation_delay")
# Grafana 12.4.3, docs/sources/administration/provisioning and alerting/set-up/provision-alerting-resources.
_DELETIONS = {
    "deleteDatasources": (DATA_SOURCE, "name"),
    "deleteRules": (ALERT_RULE, "uid"),
    "deleteContactPoints": (CONTACT_POINT, "uid"),
    "deleteMuteTimes": (MUTE_TIMING, "name"),
    "deleteTemplates": (TEMPLATE, "name"),
}
_DEFAULTS = {
    "access": "proxy",
    "basicAuth": False,
    "withCredentials": False,
    "isDefault": False,
    "editable": False,
}


def data_sources_of_file(sources: object, *, path: str = "") -> Iterator[Resource]:
    """The data sources of a provisioning file."""
    for source in mappings(sources):
        yield with_organisation(data_source_resource(undollared(source), path=path), source)


def data_source_resource(source: Mapping[str, Any], *, path: str = "") -> Resource:
    """A data source, as files and the API write it; of secrets only the names and references are kept."""
    name = scalar_text(source.get("name"))
    # Grafana gives a provisioned data source without a uid one that follows from its name
    # (`safeUIDFromName` in pkg/services/provisioning/datasources, 12.4).
    uid = scalar_text(source.get("uid")) or "P" + sha256(name.encode()).hexdigest()[:16].upper()
    normal = {key: value for key, value in source.items() if key not in _SERVER_SET}
    hidden = {key: REDACTED for key, is_set in mapping(source.get("secureJsonFields")).items() if is_set}
    normal["secureJsonData"] = mapping(source.get("secureJsonData")) or hidden
    data = without_empty(without_defaults(normal, _DEFAULTS))
    return Resource(DATA_SOURCE, uid, name, data, path=path)


def folder_resource(uid: str, title: str, parent: str = "", description: str = "") -> Resource:
    """A folder; ``parent`` is the path of titles above it."""
    data = {"description": description} if description else {}
    return Resource(FOLDER, uid, title, data, parent)


def event_resource(key: str, annotation: Mapping[str, Any]) -> Resource:
    """An event on graphs, as the API writes it, known by its key; times become dates that people read."""
    title, _, more = scalar_text(annotation.get("text")).partition("\n")
    start, end = annotation.get("time"), annotation.get("timeEnd")
    data = {
        "text": more,
        "at": _moment(start),
        "until": _moment(end) if end != start else "",
        "tags": sorted(map(scalar_text, annotation.get("tags") or ())),
        "dashboard": scalar_text(annotation.get("dashboardUID")),
        "panel": annotation.get("panelId") or None,
    }
    return Resource(EVENT, key, title, without_empty(data))


def _moment(milliseconds: Any) -> str:
    try:
        return (_BEGINNING + timedelta(milliseconds=milliseconds)).isoformat(" ")
    except (TypeError, OverflowError):
        return scalar_text(milliseconds)


def providers(listed: object, *, path: str = "") -> Iterator[Resource]:
    """The dashboard providers of a provisioning file."""
    for provider in mappings(listed):
        name = scalar_text(provider.get("name"))
        data = {key: value for key, value in provider.items() if key not in ("name", "orgId")}
        resource = Resource(PROVIDER, name, name, without_empty(undollared(data)), path=path)
        yield with_organisation(resource, provider)


def deletions(document: Mapping[str, Any], *, path: str = "") -> Iterator[Resource]:
    """What a provisioning file deletes when Grafana starts."""
    for key, (kind, name) in _DELETIONS.items():
        for entry in mappings(document.get(key)):
            identifier = scalar_text(entry.get(name))
            uid, title = f"{kind}:{identifier}", f"{KINDS[kind]} {identifier}"
            yield with_organisation(Resource(DELETION, uid, title, {}, path=path), entry)
    resets = document.get("resetPolicies")
    for number in resets if isinstance(resets, list) else ():
        data = {"orgId": number} if number != 1 else {}
        yield Resource(DELETION, f"{POLICIES}:{number}", KINDS[POLICIES], data, path=path)


def server_rules(groups: object, server: str, *, path: str = "") -> Iterator[Resource]:
    """The rules of a file of Prometheus or Loki; ``server`` is which of the two."""
    for group in mappings(groups):
        name, rules = scalar_text(group.get("name")), shaped(group.get("rules"), [RULE_OF_SERVER])
        about = {key: value for key, value in group.items() if key not in ("name", "rules")}
        about |= {key: seconds(about[key]) for key in _GROUP_TIMES if key in about}
        about |= {"server": server, "rules": rule_names(_title(rule) for rule in rules)}
        yield Resource(RULE_GROUP, f"{server}:{name}", name, without_empty(about), path=path)
        seen: dict[str, int] = {}
        for rule in rules:
            title = _title(rule)
            seen[title] = seen.get(title, 0) + 1
            copy = f"/{seen[title]}" if seen[title] > 1 else ""
            data = {key: value for key, value in rule.items() if key not in ("alert", "record")}
            data |= {key: seconds(data[key]) for key in ("for", "keep_firing_for") if key in data}
            data |= {"group": name, "server": server}
            uid = f"{server}/{name}/{title}{copy}"
            yield Resource(SERVER_RULE, uid, title, without_empty(data), path=path)


def _title(rule: Mapping[str, Any]) -> str:
    return scalar_text(rule.get("alert")) or scalar_text(rule.get("record"))
