"""The policy tree: ``provisioning/alerting/policies.yaml``. It replaces the whole tree that Grafana has."""

from collections.abc import Sequence

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.provisioning_file import ORG_ID, Origins, Tombstone, gone, provisioning_artifact
from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json
from dashgen.model.base import as_list
from dashgen.model.document import SpecDocument
from dashgen.model.label_matchers import matchers
from dashgen.model.notification_spec import (
    Notifications,
    Policies,
    Route,
    Timing,
    contact_point_names,
    external,
    mute_timing_names,
)
from dashgen.source.provenance import Reporter, SpecPart
from dashgen.source.source import Path

POLICIES_FILE = "provisioning/alerting/policies.yaml"
Documents = Sequence[SpecDocument[Notifications]]


def policy_tree(
    documents: Documents, tombstones: Sequence[Tombstone], diagnostics: list[Diagnostic]
) -> list[Artifact]:
    """The file with the policy tree, or one that resets Grafana's; what is wrong joins ``diagnostics``."""
    trees = [
        (Reporter(document.resolved, ("policies",), diagnostics), document.model.policies)
        for document in documents
        if document.model.policies is not None
    ]
    for report, _ in trees[1:]:
        message = "there is a second policy tree, and Grafana has one"
        report.error("notification/policies", message, (), "put the routes into one tree", key=True)
    if not trees:
        dead = [ORG_ID] if gone(tombstones, "policies") else []
        return provisioning_artifact(POLICIES_FILE, {"resetPolicies": dead}, [], [])
    report, tree = trees[0]
    _check_names((), tree, contact_point_names(documents), mute_timing_names(documents), report)
    part = SpecPart(report.resolved, ("policies",))
    tree_data = {"orgId": ORG_ID, "receiver": tree.contact_point, **_timing(tree), **_routes(tree.routes)}
    resource = ArtifactResource("policies", "policies", "Notification policies", part.location(key=True))
    data = {"policies": [with_references(tree_data)]}
    origins: Origins = [(("policies", 0), part)]
    return provisioning_artifact(POLICIES_FILE, data, [resource], origins, external(documents))


def _check_names(
    path: Path, policy: Policies | Route, points: set[str], timings: set[str], report: Reporter
) -> None:
    """Report contact points and mute timings that a policy or one below it names and nobody defines."""
    used: list[tuple[str, Path, str, set[str]]] = [
        ("contact point", ("contact_point",), policy.contact_point or "", points)
    ]
    if isinstance(policy, Route):
        for key, names in (("mute", policy.mute), ("active", policy.active)):
            used += [
                ("mute timing", (key, i) if isinstance(names, list) else (key,), name, timings)
                for i, name in enumerate(as_list(names))
            ]
    for what, steps, name, known_names in used:
        if name and name not in known_names:
            message = f"there is no {what} `{name}`; Grafana would not start"
            report.error("notification/unknown", message, (*path, *steps), nearest(name, known_names))
    for i, route in enumerate(policy.routes):
        _check_names((*path, "routes", i), route, points, timings, report)


def _timing(policy: Timing) -> Json:
    keys = ("group_by", "group_wait", "group_interval", "repeat_interval")
    return {key: value for key in keys if (value := getattr(policy, key)) is not None}


def _routes(routes: list[Route]) -> Json:
    return {"routes": [_route(route) for route in routes]} if routes else {}


def _route(route: Route) -> Json:
    optional = {
        "object_matchers": [list(matcher) for matcher in matchers(route.match)],
        "mute_time_intervals": as_list(route.mute),
        "active_time_intervals": as_list(route.active),
        "continue": route.continue_,
    }
    entry = {"receiver": route.contact_point} if route.contact_point else {}
    return {
        **entry,
        **{key: value for key, value in optional.items() if value},
        **_timing(route),
        **_routes(route.routes),
    }
