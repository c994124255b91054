"""``alertmanager/alertmanager.yml`` from `Notifications`: who is notified of Prometheus's own alerts.

Sources: config/config.go of prometheus/alertmanager for the file; docs/configuration.md there. Secrets are
files (see `alertmanager_receivers`). Grafana's own inheritance between policies is Alertmanager's, as it runs
the same tree.
"""

from collections.abc import Sequence
from typing import Final

from dashgen.compile.outputs.alertmanager_receivers import (
    ReceiverBuilder,
    template_faults_of,
)
from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.distinct_parts import distinct_parts
from dashgen.compile.outputs.mute_intervals import time_intervals
from dashgen.compile.outputs.provisioning_file import Origins
from dashgen.core.diagnostics import Diagnostic, Location, nearest
from dashgen.core.json_values import Json
from dashgen.model.alert_routes import FOLDER_LABEL
from dashgen.model.base import as_list
from dashgen.model.document import SpecDocument
from dashgen.model.label_matchers import matchers
from dashgen.model.notification_spec import (
    InhibitionRule,
    Matches,
    MuteTiming,
    Notifications,
    Policies,
    Route,
    contact_points,
    inhibition_rules,
    mute_timings,
    templates,
)
from dashgen.model.project_file import AlertmanagerSettings
from dashgen.source.provenance import Reporter, SpecPart
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes

ALERTMANAGER_FILE: Final = "alertmanager/alertmanager.yml"
_TEMPLATES: Final = "alertmanager/templates/"
_GRAFANAS: Final = frozenset((FOLDER_LABEL, "__alert_rule_uid__", "ref_id", "datasource_uid", "rulename"))
"""Labels that Grafana gives its alerts, and Prometheus does not."""
Documents = Sequence[SpecDocument[Notifications]]


def alertmanager_files(
    documents: Documents, settings: AlertmanagerSettings, location: Location
) -> tuple[list[Artifact], list[Diagnostic]]:
    """Alertmanager's file and its templates, and what of the specs it cannot do.

    Args:
        documents: the documents.
        settings: the settings of the project file.
        location: where these are.
    """
    diagnostics: list[Diagnostic] = []
    tree = next((one for one in documents if one.model.policies is not None), None)
    if tree is None or tree.model.policies is None:
        message = "Alertmanager needs a policy tree, and no `Notifications` has one"
        hint = "add `policies: {contact_point: …}`"
        return [], [Diagnostic("alertmanager/policies", message, location, hint)]
    origins: Origins = []
    data = _global(settings, location, diagnostics)
    texts = _templates(documents, diagnostics)
    data["templates"] = ["templates/*.tmpl"] if texts else []
    data["route"] = _route(
        tree.model.policies, Reporter(tree.resolved, ("policies",), diagnostics), _names(documents)
    )
    origins.append((("route",), SpecPart(tree.resolved, ("policies",))))
    data["inhibit_rules"] = _inhibitions(documents, origins, diagnostics)
    data["receivers"] = _receivers(documents, settings, origins, diagnostics)
    data["time_intervals"] = _intervals(documents, origins)
    written = {key: value for key, value in data.items() if value not in ([], {})}
    sources = {location.file, *(document.resolved.file for document in documents)}
    content = yaml_bytes(written, generated_header(sources, _notes(written)))
    resource = ArtifactResource("alertmanager", "alertmanager", "Alertmanager", location)
    return [Artifact(ALERTMANAGER_FILE, content, (resource,), tuple(origins), written), *texts], diagnostics


def _names(documents: Documents) -> tuple[set[str], set[str]]:
    """The names of contact points and of mute timings that the file has."""
    points = {named.name for named, _ in contact_points(documents)}
    return points, {named.name for named, _ in mute_timings(documents)}


def _global(settings: AlertmanagerSettings, location: Location, diagnostics: list[Diagnostic]) -> Json:
    if not settings.smarthost:
        return {}
    mail: Json = {"smtp_smarthost": settings.smarthost, "smtp_from": settings.from_}
    mail["smtp_auth_username"] = settings.username
    if settings.password:
        mail["smtp_auth_password_file"] = ReceiverBuilder(settings).secret(settings.password)
        if mail["smtp_auth_password_file"] is None:
            message = "the password of the mail server is no reference to a variable or a file"
            hint = "write `password: $SMTP_PASSWORD`"
            diagnostics.append(Diagnostic("secret/plain-text", message, location, hint))
    mail |= {} if settings.require_tls else {"smtp_require_tls": False}
    return {"global": {key: value for key, value in mail.items() if value is not None}}


def _templates(documents: Documents, diagnostics: list[Diagnostic]) -> list[Artifact]:
    artifacts = []
    for named, text, report in distinct_parts(templates(documents), "template", []):
        at = Reporter(report.resolved, report.path, diagnostics)
        for message, hint in template_faults_of(text):
            at.error("alertmanager/template", message, (), hint)
        part = SpecPart(report.resolved, named.path)
        name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in named.name)
        path = f"{_TEMPLATES}{name}.tmpl"
        artifacts.append(Artifact(path, f"{text.rstrip()}\n".encode(), (), (((), part),), None))
    return artifacts


def _route(policy: Policies | Route, report: Reporter, names: tuple[set[str], set[str]]) -> Json:
    """A policy and those below it; their order is kept, as the first that matches is taken."""
    route: Json = {"receiver": policy.contact_point} if policy.contact_point else {}
    _check_known(policy.contact_point, ("contact_point",), "contact point", names[0], report)
    if isinstance(policy, Route):
        conditions = _conditions(policy.match, ("match",), report)
        route |= {"matchers": conditions} if conditions else {}
    # `...` makes a group of each alert, and Alertmanager takes it alone.
    group_by = list(dict.fromkeys(policy.group_by or ()))
    route |= {"group_by": ["..."] if "..." in group_by else group_by} if group_by else {}
    for key in ("group_wait", "group_interval", "repeat_interval"):
        if getattr(policy, key) is not None:
            route[key] = getattr(policy, key)
    if isinstance(policy, Route):
        for key, ours, timings in (
            ("mute_time_intervals", "mute", as_list(policy.mute)),
            ("active_time_intervals", "active", as_list(policy.active)),
        ):
            for name in timings:
                _check_known(name, (ours,), "mute timing", names[1], report)
            route |= {key: timings} if timings else {}
        route |= {"continue": True} if policy.continue_ else {}
    routes = [
        _route(inner, report.at((*report.path, "routes", number)), names)
        for number, inner in enumerate(policy.routes)
    ]
    return {**route, "routes": routes} if routes else route


def _check_known(name: str | None, path: Path, what: str, names: set[str], report: Reporter) -> None:
    if name and name not in names:
        message = f"Alertmanager has no {what} `{name}`: the specs do not define it"
        near = nearest(name, names)
        hint = near if near.startswith("did you mean") else f"define it; Grafana's own {what}s are not there"
        report.error("alertmanager/unknown", message, path, hint)


def _conditions(match: Matches, path: Path, report: Reporter) -> list[str]:
    for condition in matchers(match):
        if condition.label in _GRAFANAS:
            message = (
                f"only Grafana gives alerts the label `{condition.label}`, so nothing matches in Alertmanager"
            )
            report.warn(
                "alertmanager/label",
                message,
                (*path, condition.label),
                "match a label of the rules",
                key=True,
            )
    return [str(condition) for condition in matchers(match)]


def _inhibitions(documents: Documents, origins: Origins, diagnostics: list[Diagnostic]) -> list[Json]:
    rules: list[Json] = []
    for named, rule, report in distinct_parts(inhibition_rules(documents), "inhibition rule", []):
        at = Reporter(report.resolved, report.path, diagnostics)
        origins.append((("inhibit_rules", len(rules)), SpecPart(report.resolved, named.path)))
        rules.append(_inhibition(rule, at))
    return rules


def _inhibition(rule: InhibitionRule, report: Reporter) -> Json:
    for label in as_list(rule.equal):
        if label in _GRAFANAS:
            message = f"only Grafana gives alerts the label `{label}`, so it is equal always in Alertmanager"
            report.warn("alertmanager/label", message, ("equal",), "name a label of the rules")
    entry: Json = {
        "source_matchers": _conditions(rule.source, ("source",), report),
        "target_matchers": _conditions(rule.target, ("target",), report),
    }
    return {**entry, "equal": as_list(rule.equal)} if rule.equal else entry


def _receivers(
    documents: Documents, settings: AlertmanagerSettings, origins: Origins, diagnostics: list[Diagnostic]
) -> list[Json]:
    builder, receivers = ReceiverBuilder(settings), list[Json]()
    for named, point, report in distinct_parts(contact_points(documents), "contact point", []):
        at = Reporter(report.resolved, report.path, diagnostics)
        origins.append((("receivers", len(receivers)), SpecPart(report.resolved, named.path)))
        receivers.append(builder.receiver(named.name, point, at))
    return receivers


def _intervals(documents: Documents, origins: Origins) -> list[Json]:
    timings: list[Json] = []
    for named, timing, report in distinct_parts(mute_timings(documents), "mute timing", []):
        origins.append((("time_intervals", len(timings)), SpecPart(report.resolved, named.path)))
        timings.append({"name": named.name, "time_intervals": _of_timing(timing)})
    return timings


def _of_timing(timing: MuteTiming) -> list[Json]:
    location = {"location": timing.location} if timing.location else {}
    parts = [interval for one in (timing, *timing.intervals) for interval in time_intervals(one)[0]]
    return [{**interval, **location} for interval in parts]


def _notes(data: Json) -> list[str]:
    files = sorted(set(_files(data)))
    return [f"Alertmanager reads these files with secrets: {', '.join(files)}"] if files else []


def _files(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [str(part) for key, part in value.items() if str(key).endswith("_file")]
        return own + [file for part in value.values() for file in _files(part)]
    return [file for part in value for file in _files(part)] if isinstance(value, list) else []
