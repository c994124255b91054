"""Notifications as objects of ``notifications.alerting.grafana.app``, and as the provisioning API has them.

Sources, Grafana 13.3:
pkg/registry/apps/alerting/notifications/{receiver,routingtree,templategroup,timeinterval,
inhibitionrule}/conversions.go and provenance/provenance.go (commit 01c8a967),
apps/alerting/notifications/kinds/v1beta1 (receiver_spec.cue, routingtree_spec.cue, template_spec.cue,
timeInterval_spec.cue, inhibitionrule_spec.cue).

Everything above the client knows the form of the provisioning API. What an object has beside it is kept: its
``version`` (the resourceVersion, a fingerprint of the content), its ``provenance`` and its ``annotations``.
"""

from collections.abc import Mapping
from typing import Any, Final

from dashgen.core.json_values import Json
from dashgen.servers.http.response_values import mapping, objects, text, texts

NOTIFICATIONS_GROUP: Final = "notifications.alerting.grafana.app"
"""The API group."""
REDACTED: Final = "[REDACTED]"
"""What the provisioning API shows in the place of each secret; sent back, it keeps the stored secret."""
PROVENANCE: Final = "grafana.com/provenance"
"""The annotation that says which way of provisioning manages an object; ``none`` for no one."""
ROUTING_TREE: Final = "user-defined"
"""The name of the default routing tree, the only one that dashgen owns (`UserDefinedRoutingTreeName`)."""
_TIMES: Final = ("group_wait", "group_interval", "repeat_interval")
_LISTS: Final = ("group_by", "mute_time_intervals", "active_time_intervals")
_NO_PROVENANCE: Final = "none"


def about(item: Json) -> Json:
    """What an object has beside its content: ``{"version": …, "provenance": …, "annotations": {…}}``."""
    metadata = mapping(item, "metadata")
    annotations = mapping(metadata, "annotations")
    provenance = text(annotations, PROVENANCE)
    return {
        "version": text(metadata, "resourceVersion"),
        **({"provenance": provenance} if provenance not in ("", _NO_PROVENANCE) else {}),
        **({"annotations": annotations} if annotations else {}),
    }


def integrations(receiver: Json) -> list[Json]:
    """The integrations of a receiver, each with the name of its contact point and secrets redacted.

    Before: ``{"spec": {"title": "ops", "integrations": [{"uid": "x", "type": "slack", "settings": {},
    "secureFields": {"url": true}}]}}``
    After: ``[{"uid": "x", "name": "ops", "type": "slack", "settings": {"url": "[REDACTED]"}, …}]``
    """
    spec = mapping(receiver, "spec")
    return [
        {
            "uid": text(one, "uid"),
            "name": text(spec, "title"),
            "type": text(one, "type"),
            "settings": _with_redacted(mapping(one, "settings"), mapping(one, "secureFields")),
            "disableResolveMessage": one.get("disableResolveMessage") is True,
            **about(receiver),
        }
        for one in objects(spec, "integrations")
    ]


def integration(content: Mapping[str, Any], stored: Json | None) -> Json:
    """An integration as the API takes it: redacted secrets become names of fields that keep theirs.

    Args:
        content: as the provisioning API has it.
        stored: the integration that it replaces, whose version of settings stays; None for a new one.
    """
    secure: dict[str, bool] = {}
    settings = _without_redacted(content.get("settings"), (), secure)
    return {
        "uid": text(content, "uid"),
        "type": text(content, "type"),
        # The first version of Grafana's own integrations; `v0mimir1` is what was imported from Mimir.
        "version": text(stored, "version") or "v1",
        "disableResolveMessage": content.get("disableResolveMessage") is True,
        "settings": settings,
        **({"secureFields": secure} if secure else {}),
    }


def _with_redacted(settings: Json, secure: Json) -> Json:
    shown = dict(settings)
    for path, is_set in secure.items():
        if is_set is not True:
            continue
        *above, last = path.split(".")
        container = shown
        for step in above:
            # A nested secret, such as `tlsConfig.clientKey`.
            container[step] = dict(mapping(container, step))
            container = container[step]
        container[last] = REDACTED
    return shown


def _without_redacted(value: Any, path: tuple[str, ...], secure: dict[str, bool]) -> Any:
    if not isinstance(value, Mapping):
        return value
    inner_values: Json = {}
    for key, part in value.items():
        if part == REDACTED:
            secure[".".join((*path, key))] = True
            continue
        inner = _without_redacted(part, (*path, key), secure)
        if inner != {} or part == {}:
            inner_values[key] = inner
    return inner_values


def routing_tree(item: Json) -> Json:
    """The policy tree of the provisioning API from a routing tree."""
    spec = mapping(item, "spec")
    return {
        **_kept(mapping(spec, "defaults"), ("receiver", "group_by", *_TIMES)),
        **_routes(spec),
        **about(item),
    }


def _routes(above: Json) -> Json:
    routes = [_route(route) for route in objects(above, "routes")]
    return {"routes": routes} if routes else {}


def _route(route: Json) -> Json:
    matchers = [
        [text(one, "label"), text(one, "type"), text(one, "value")] for one in objects(route, "matchers")
    ]
    return {
        **_kept(route, ("receiver", *_LISTS, *_TIMES)),
        **({"object_matchers": matchers} if matchers else {}),
        **({"continue": True} if route.get("continue") is True else {}),
        **_routes(route),
    }


def routing_tree_spec(tree: Mapping[str, Any]) -> Json:
    """The ``spec`` of a routing tree from a policy tree of the provisioning API."""
    return {
        "defaults": {"receiver": text(tree, "receiver"), **_kept(tree, ("group_by", *_TIMES))},
        "routes": [_route_spec(route) for route in objects(tree, "routes")],
    }


def _route_spec(route: Json) -> Json:
    matchers = [
        {"label": str(one[0]), "type": str(one[1]), "value": str(one[2])}
        for one in route.get("object_matchers") or ()
    ]
    return {
        **_kept(route, ("receiver", *_LISTS, *_TIMES)),
        **({"matchers": matchers} if matchers else {}),
        "continue": route.get("continue") is True,
        **(
            {"routes": [_route_spec(inner) for inner in objects(route, "routes")]}
            if route.get("routes")
            else {}
        ),
    }


def mute_timing(item: Json) -> Json:
    """The mute timing of the provisioning API from a time interval."""
    spec = mapping(item, "spec")
    return {"name": text(spec, "name"), "time_intervals": objects(spec, "time_intervals"), **about(item)}


def mute_timing_spec(timing: Mapping[str, Any]) -> Json:
    """The ``spec`` of a time interval."""
    return {"name": text(timing, "name"), "time_intervals": objects(timing, "time_intervals")}


def template(item: Json) -> Json:
    """The template of the provisioning API from a template group."""
    spec = mapping(item, "spec")
    return {"name": text(spec, "title"), "template": text(spec, "content"), **about(item)}


def template_spec(content: Mapping[str, Any]) -> Json:
    """The ``spec`` of a template group."""
    return {"title": text(content, "name"), "content": text(content, "template"), "kind": "grafana"}


def inhibition_rule(item: Json) -> Json:
    """An inhibition rule: its name beside its ``spec``."""
    spec = mapping(item, "spec")
    return {
        "name": text(mapping(item, "metadata"), "name"),
        "source_matchers": objects(spec, "source_matchers"),
        "target_matchers": objects(spec, "target_matchers"),
        "equal": list(texts(spec, "equal")),
        **about(item),
    }


def inhibition_spec(content: Mapping[str, Any]) -> Json:
    """The ``spec`` of an inhibition rule."""
    return {
        "source_matchers": objects(content, "source_matchers"),
        "target_matchers": objects(content, "target_matchers"),
        **({"equal": list(texts(content, "equal"))} if content.get("equal") else {}),
    }


def _kept(data: Mapping[str, Any], keys: tuple[str, ...]) -> Json:
    return {key: data[key] for key in keys if data.get(key)}
