"""Contact points, policies, mute timings and templates, each as a file of ``provisioning/alerting``."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.escape_references import with_references
from dashgen.compile.outputs.mute_intervals import time_intervals
from dashgen.compile.outputs.policy_tree import policy_tree
from dashgen.compile.outputs.provisioning_file import ORG_ID, Origins, Tombstone, gone, provisioning_artifact
from dashgen.compile.outputs.receiver_settings import check_receiver, receivers_of
from dashgen.core.diagnostics import Diagnostic
from dashgen.model.alert_rules import slug
from dashgen.model.document import SpecDocument
from dashgen.model.notification_spec import (
    MuteTiming,
    Named,
    Notifications,
    contact_points,
    mute_timings,
    templates,
)
from dashgen.model.receivers import Receiver, settings_of
from dashgen.model.times import zone_hint
from dashgen.model.zones import ZONES
from dashgen.query.gotemplate import NOTIFICATION, check_template
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path

CONTACT_POINTS_FILE = "provisioning/alerting/contact-points.yaml"
MUTE_TIMINGS_FILE = "provisioning/alerting/mute-timings.yaml"
TEMPLATES_FILE = "provisioning/alerting/templates.yaml"
Documents = Sequence[SpecDocument[Notifications]]


def notifications(
    documents: Documents, tombstones: Sequence[Tombstone] = ()
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The files for notifications, and what is wrong with the documents."""
    problems: list[Diagnostic] = []
    artifacts = [
        *_contact_points(documents, tombstones, problems),
        *policy_tree(documents, tombstones, problems),
        *_mute_timings(documents, tombstones, problems),
        *_templates(documents, tombstones, problems),
    ]
    return artifacts, problems


def _contact_points(
    documents: Documents, tombstones: Sequence[Tombstone], problems: list[Diagnostic]
) -> list[Artifact]:
    point_entries: list[dict[str, Any]] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, point in _distinct(contact_points(documents), "contact point", problems):
        receivers = receivers_of(point)
        if not receivers:
            message = f"the contact point `{named.name}` notifies nobody"
            hint = "add `email:`, `slack:` or another receiver"
            problems.append(
                named.document.resolved.diagnostic("notification/receiver", message, named.path, hint)
            )
        entries = []
        for number, (path, receiver) in enumerate(receivers):
            receiver_path = (*named.path, *path)
            check_receiver(named, receiver_path, receiver, problems)
            _check_texts(named, receiver_path, receiver, problems)
            # The uid is a slug of the name and the type, so that the order of receivers does not change it.
            again = sum(isinstance(other, type(receiver)) for _, other in receivers[:number])
            uid = receiver.uid or slug(
                f"{named.name} {receiver.kind()}" + (f" {again + 1}" if again else ""), "contact"
            )
            part = SpecPart(named.document.resolved, receiver_path)
            resources.append(ArtifactResource("contact-point", uid, named.name, part.location()))
            origins.append((("contactPoints", len(point_entries), "receivers", number), part))
            entries.append(_receiver(uid, receiver))
        origins.append((("contactPoints", len(point_entries)), SpecPart(named.document.resolved, named.path)))
        point_entries.append({"orgId": ORG_ID, "name": with_references(named.name), "receivers": entries})
    _check_uids(resources, problems)
    dead = [{"orgId": ORG_ID, "uid": t.uid} for t in gone(tombstones, "contact-point", resources=resources)]
    data = {"contactPoints": point_entries, "deleteContactPoints": dead}
    return provisioning_artifact(CONTACT_POINTS_FILE, data, resources, origins)


def _receiver(uid: str, receiver: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"uid": uid, "type": receiver.kind()}
    if not receiver.send_resolved:
        entry["disableResolveMessage"] = True
    return {**entry, "settings": with_references(settings_of(receiver))}


def _check_uids(resources: list[ArtifactResource], problems: list[Diagnostic]) -> None:
    seen: set[str] = set()
    for resource in resources:
        if resource.uid in seen:
            message = f"two receivers have the uid `{resource.uid}`"
            problems.append(
                Diagnostic(
                    "notification/duplicate-uid", message, resource.location, "give one of them its own `uid`"
                )
            )
        seen.add(resource.uid)


def _distinct(
    items: Iterator[tuple[Named, Any]], what: str, problems: list[Diagnostic]
) -> Iterator[tuple[Named, Any]]:
    seen: set[str] = set()
    for named, item in items:
        resolved = named.document.resolved
        if not named.name:
            problems.append(
                resolved.diagnostic("notification/name", f"a {what} has no name", named.path, "add `name:`")
            )
        elif named.name in seen:
            message = f"two {what}s are called `{named.name}`"
            problems.append(
                resolved.diagnostic(
                    "notification/duplicate", message, named.path, "rename one of them", key=True
                )
            )
        else:
            seen.add(named.name)
            yield named, item


def _mute_timings(
    documents: Documents, tombstones: Sequence[Tombstone], problems: list[Diagnostic]
) -> list[Artifact]:
    timings: list[dict[str, Any]] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, timing in _distinct(mute_timings(documents), "mute timing", problems):
        intervals = _intervals(named, timing, problems)
        part = SpecPart(named.document.resolved, named.path)
        resources.append(ArtifactResource("mute-timing", named.name, named.name, part.location()))
        origins.append((("muteTimes", len(timings)), part))
        timings.append({"orgId": ORG_ID, "name": named.name, "time_intervals": intervals})
    dead = [{"orgId": ORG_ID, "name": t.uid} for t in gone(tombstones, "mute-timing", resources=resources)]
    data = {"muteTimes": timings, "deleteMuteTimes": dead}
    return provisioning_artifact(MUTE_TIMINGS_FILE, data, resources, origins, replaced=False)


def _intervals(named: Named, timing: MuteTiming, problems: list[Diagnostic]) -> list[dict[str, Any]]:
    intervals: list[dict[str, Any]] = []
    before = len(problems)
    places = [
        (named.path, timing),
        *(((*named.path, "intervals", i), part) for i, part in enumerate(timing.intervals)),
    ]
    for path, interval in places:
        parsed_intervals, wrong = time_intervals(interval)
        intervals += parsed_intervals
        for key, message, hint in wrong:
            problems.append(
                named.document.resolved.diagnostic("notification/interval", message, (*path, key), hint)
            )
    zone = timing.location
    if zone is not None and zone not in ZONES and zone not in ("UTC", "Local"):
        message = f"`{zone}` is not a time zone; Grafana would not start"
        problems.append(
            named.document.resolved.diagnostic(
                "time/zone", message, (*named.path, "location"), zone_hint(zone)
            )
        )
    if not intervals and len(problems) == before:
        message = f"the mute timing `{named.name}` has no time"
        problems.append(
            named.document.resolved.diagnostic(
                "notification/interval", message, named.path, "add `weekdays:` or `times:`"
            )
        )
    location = {"location": timing.location} if timing.location else {}
    return [{**interval, **location} for interval in intervals]


def _check_template(named: Named, path: Path, text: str, problems: list[Diagnostic]) -> None:
    for fault in check_template(text, NOTIFICATION):
        diagnostic = named.document.resolved.diagnostic(
            "notification/template", fault.message, path, fault.hint
        )
        location = named.document.resolved.origin(path).character(fault.offset, text)
        problems.append(replace(diagnostic, location=location))


def _check_texts(named: Named, path: Path, receiver: Receiver, problems: list[Diagnostic]) -> None:
    """Report templates in the settings of a receiver that Grafana could not run."""
    for key in receiver.SETTINGS:
        text = getattr(receiver, key)
        if isinstance(text, str) and "{{" in text:
            _check_template(named, (*path, key.rstrip("_")), text.replace("$$", "$"), problems)


def _templates(
    documents: Documents, tombstones: Sequence[Tombstone], problems: list[Diagnostic]
) -> list[Artifact]:
    template_entries: list[dict[str, Any]] = []
    resources: list[ArtifactResource] = []
    origins: Origins = []
    for named, text in _distinct(templates(documents), "template", problems):
        resolved = named.document.resolved
        step: Path = () if isinstance(named.document.model.templates, dict) else ("text",)
        _check_template(named, (*named.path, *step), text, problems)
        if "{{" not in text:
            message = f"the template `{named.name}` defines nothing"
            hint = 'write `{{ define "name" }}` … `{{ end }}`'
            problems.append(resolved.diagnostic("notification/template", message, named.path, hint))
        part = SpecPart(resolved, named.path)
        resources.append(ArtifactResource("template", named.name, named.name, part.location()))
        origins.append((("templates", len(template_entries)), part))
        template_entries.append({"orgId": ORG_ID, "name": named.name, "template": text})
    dead = [{"orgId": ORG_ID, "name": t.uid} for t in gone(tombstones, "template", resources=resources)]
    data = {"templates": template_entries, "deleteTemplates": dead}
    return provisioning_artifact(TEMPLATES_FILE, data, resources, origins, replaced=False)
