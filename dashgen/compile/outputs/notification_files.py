"""Contact points, policies, mute timings and templates, each as a file of ``provisioning/alerting``.

Inhibition rules are files of their own (`inhibition_files`): provisioning has none.
"""

from collections.abc import Sequence
from typing import Any

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.distinct_parts import distinct_parts
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.inhibition_files import inhibition_files
from dashgen.compile.outputs.mute_intervals import time_intervals
from dashgen.compile.outputs.policy_tree import policy_tree
from dashgen.compile.outputs.provisioning_file import ORG_ID, Origins, Tombstone, gone, provisioning_artifact
from dashgen.compile.outputs.receiver_settings import check_receiver, receivers_of
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json
from dashgen.model.alert_rules import slug
from dashgen.model.document import SpecDocument
from dashgen.model.notification_spec import (
    Interval,
    MuteTiming,
    Notifications,
    contact_points,
    mute_timings,
    templates,
)
from dashgen.model.receivers import Receiver, settings_of
from dashgen.model.times import zone_hint
from dashgen.model.zones import ZONES
from dashgen.query.gotemplate import NOTIFICATION, check_template
from dashgen.source.provenance import Reporter, SpecPart
from dashgen.source.source import Path

CONTACT_POINTS_FILE = "provisioning/alerting/contact-points.yaml"
MUTE_TIMINGS_FILE = "provisioning/alerting/mute-timings.yaml"
TEMPLATES_FILE = "provisioning/alerting/templates.yaml"
Documents = Sequence[SpecDocument[Notifications]]


def notifications(
    documents: Documents, tombstones: Sequence[Tombstone] = ()
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The files for notifications, and what is wrong with the documents."""
    diagnostics: list[Diagnostic] = []
    artifacts = [
        *_contact_points(documents, tombstones, diagnostics),
        *policy_tree(documents, tombstones, diagnostics),
        *_mute_timings(documents, tombstones, diagnostics),
        *_templates(documents, tombstones, diagnostics),
        *inhibition_files(documents, diagnostics),
    ]
    return artifacts, diagnostics


def _contact_points(
    documents: Documents, tombstones: Sequence[Tombstone], diagnostics: list[Diagnostic]
) -> list[Artifact]:
    point_entries: list[Json] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, point, report in distinct_parts(contact_points(documents), "contact point", diagnostics):
        receivers = receivers_of(point)
        if not receivers:
            message = f"the contact point `{named.name}` notifies nobody"
            report.error("notification/receiver", message, (), "add `email:`, `slack:` or another receiver")
        entries = []
        for number, (path, receiver) in enumerate(receivers):
            receiver_path = (*named.path, *path)
            check_receiver(receiver, report.at(receiver_path))
            _check_texts(receiver, report.at(receiver_path))
            # The uid is a slug of the name and the type, so that the order of receivers does not change it.
            again = sum(isinstance(other, type(receiver)) for _, other in receivers[:number])
            name = f"{named.name} {receiver.kind()}" + (f" {again + 1}" if again else "")
            uid = receiver.uid or slug(name, "contact")
            part = SpecPart(report.resolved, receiver_path)
            if any(resource.uid == uid for resource in resources):
                message, hint = f"two receivers have the uid `{uid}`", "give one of them its own `uid`"
                diagnostics.append(Diagnostic("notification/duplicate-uid", message, part.location(), hint))
            resources.append(ArtifactResource("contact-point", uid, named.name, part.location()))
            origins.append((("contactPoints", len(point_entries), "receivers", number), part))
            entries.append(_receiver(uid, receiver))
        origins.append((("contactPoints", len(point_entries)), SpecPart(report.resolved, named.path)))
        point_entries.append({"orgId": ORG_ID, "name": with_references(named.name), "receivers": entries})
    dead = [{"orgId": ORG_ID, "uid": t.uid} for t in gone(tombstones, "contact-point", resources=resources)]
    data = {"contactPoints": point_entries, "deleteContactPoints": dead}
    return provisioning_artifact(CONTACT_POINTS_FILE, data, resources, origins)


def _receiver(uid: str, receiver: Any) -> Json:
    entry: Json = {"uid": uid, "type": receiver.kind()}
    if not receiver.send_resolved:
        entry["disableResolveMessage"] = True
    return {**entry, "settings": with_references(settings_of(receiver))}


def _mute_timings(
    documents: Documents, tombstones: Sequence[Tombstone], diagnostics: list[Diagnostic]
) -> list[Artifact]:
    timings: list[Json] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, timing, report in distinct_parts(mute_timings(documents), "mute timing", diagnostics):
        intervals = _intervals(named.name, timing, report)
        part = SpecPart(report.resolved, named.path)
        resources.append(ArtifactResource("mute-timing", named.name, named.name, part.location()))
        origins.append((("muteTimes", len(timings)), part))
        timings.append({"orgId": ORG_ID, "name": named.name, "time_intervals": intervals})
    dead = [{"orgId": ORG_ID, "name": t.uid} for t in gone(tombstones, "mute-timing", resources=resources)]
    data = {"muteTimes": timings, "deleteMuteTimes": dead}
    return provisioning_artifact(MUTE_TIMINGS_FILE, data, resources, origins, replaced=False)


def _intervals(name: str, timing: MuteTiming, report: Reporter) -> list[Json]:
    intervals: list[Json] = []
    before = len(report.diagnostics)
    parts: list[tuple[Path, Interval]] = [((), timing)]
    parts += [(("intervals", i), part) for i, part in enumerate(timing.intervals)]
    for path, interval in parts:
        parsed_intervals, wrong = time_intervals(interval)
        intervals += parsed_intervals
        for key, message, hint in wrong:
            report.error("notification/interval", message, (*path, key), hint)
    zone = timing.location
    if zone is not None and zone not in ZONES and zone not in ("UTC", "Local"):
        message = f"`{zone}` is not a time zone; Grafana would not start"
        report.error("time/zone", message, ("location",), zone_hint(zone))
    if not intervals and len(report.diagnostics) == before:
        message = f"the mute timing `{name}` has no time"
        report.error("notification/interval", message, (), "add `weekdays:` or `times:`")
    location = {"location": timing.location} if timing.location else {}
    return [{**interval, **location} for interval in intervals]


def _check_template(text: str, path: Path, report: Reporter) -> None:
    for fault in check_template(text, NOTIFICATION):
        report.fault("notification/template", fault, path, text)


def _check_texts(receiver: Receiver, report: Reporter) -> None:
    """Report templates in the settings of a receiver that Grafana could not run."""
    for key in receiver.SETTINGS:
        text = getattr(receiver, key)
        if isinstance(text, str) and "{{" in text:
            _check_template(text.replace("$$", "$"), (key.rstrip("_"),), report)


def _templates(
    documents: Documents, tombstones: Sequence[Tombstone], diagnostics: list[Diagnostic]
) -> list[Artifact]:
    template_entries: list[Json] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, text, report in distinct_parts(templates(documents), "template", diagnostics):
        _check_template(text, () if isinstance(named.document.model.templates, dict) else ("text",), report)
        if "{{" not in text:
            message = f"the template `{named.name}` defines nothing"
            hint = 'write `{{ define "name" }}` … `{{ end }}`'
            report.error("notification/template", message, (), hint)
        part = SpecPart(report.resolved, named.path)
        resources.append(ArtifactResource("template", named.name, named.name, part.location()))
        origins.append((("templates", len(template_entries)), part))
        template_entries.append({"orgId": ORG_ID, "name": named.name, "template": text})
    dead = [{"orgId": ORG_ID, "name": t.uid} for t in gone(tombstones, "template", resources=resources)]
    data = {"templates": template_entries, "deleteTemplates": dead}
    return provisioning_artifact(TEMPLATES_FILE, data, resources, origins, replaced=False)
