"""Rules that Grafana evaluates itself: ``provisioning/alerting/rules.yaml``.

Grafana reads every file of the alerting folder before it uses any, so each concern has a file of its own and
a review shows which one changed. It never deletes a rule because it left the file: `Tombstone`s become
``deleteRules``.
"""

from collections.abc import Iterable

from dashgen.compile.lower.lower_alerting import lower_group
from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.escape_references import literal
from dashgen.compile.outputs.provisioning_file import (
    NOTHING_OUTSIDE,
    ORG_ID,
    Origins,
    Tombstone,
    gone,
    provisioning_artifact,
)
from dashgen.core.json_values import Json, apply_patch
from dashgen.model.notification_spec import External
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.source.provenance import SpecPart

RULES_FILE = "provisioning/alerting/rules.yaml"
_BESIDE_THE_MODEL = ("relativeTimeRange", "queryType")
_INTERPOLATED = ("title", "labels", "notification_settings")


def grafana_rules(
    groups: Iterable[SettledGroup], tombstones: Iterable[Tombstone] = (), outside: External = NOTHING_OUTSIDE
) -> list[Artifact]:
    """The groups with rules for Grafana, and deletions of rules that are not built any more.

    Args:
        groups: the groups.
        tombstones: what was built once.
        outside: the contact points and mute timings that Grafana has from elsewhere.
    """
    groups_data: list[Json] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for group in groups:
        data, rules = group_with_raw(group)
        if not rules:
            continue
        resolved = group.document.resolved
        origins.append((("groups", len(groups_data)), SpecPart(resolved)))
        for i, rule in enumerate(rules):
            part = SpecPart(resolved, rule.placed.path)
            origins.append((("groups", len(groups_data), "rules", i), part))
            resources.append(ArtifactResource(_kind(rule), rule.uid, _title(rule), part.location()))
        groups_data.append(_interpolated(data))
    dead = gone(tombstones, "alert-rule", "recording-rule", resources=resources)
    data = {
        "groups": groups_data,
        "deleteRules": [{"orgId": ORG_ID, "uid": tombstone.uid} for tombstone in dead],
    }
    return provisioning_artifact(RULES_FILE, data, resources, origins, outside, replaced=False)


def group_with_raw(group: SettledGroup) -> tuple[Json, list[SettledAlert | SettledRecord]]:
    """The group as Grafana holds it, every ``raw:`` merged in, and the rules in it."""
    data, rules = lower_group(group)
    for rule_data, rule in zip(data["rules"], rules, strict=True):
        if isinstance(rule, SettledAlert):
            _merge_raw(rule_data, rule)
    return data, rules


def _merge_raw(data: Json, alert: SettledAlert) -> None:
    entries = {entry["refId"]: entry for entry in data["data"]}
    for query in alert.queries:
        # Of a query, these two stand beside the model and not in it.
        beside = {key: query.query.raw[key] for key in _BESIDE_THE_MODEL if key in query.query.raw}
        apply_patch(entries[query.ref], beside)
        inside = {key: part for key, part in query.query.raw.items() if key != "relativeTimeRange"}
        apply_patch(entries[query.ref]["model"], inside)
    apply_patch(data, alert.rule.raw)


def _kind(rule: SettledAlert | SettledRecord) -> str:
    return "alert-rule" if isinstance(rule, SettledAlert) else "recording-rule"


def _title(rule: SettledAlert | SettledRecord) -> str:
    return rule.rule.alert if isinstance(rule, SettledAlert) else rule.rule.record


def _interpolated(group: Json) -> Json:
    # Annotations and query models are the only texts of a rule in which Grafana leaves a `$` alone.
    rules = [
        {key: literal(value) if key in _INTERPOLATED else value for key, value in rule.items()}
        for rule in group["rules"]
    ]
    return {**group, "name": literal(group["name"]), "folder": literal(group["folder"]), "rules": rules}
