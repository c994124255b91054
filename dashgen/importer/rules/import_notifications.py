"""Import contact points, policies, mute timings, inhibition rules and templates as ``Notifications``."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from dashgen.compile.outputs.notification_files import notifications
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.legacy.legacy_values import number
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.rules.import_policies import inhibition_keys, policy_keys, timing_keys
from dashgen.model.alert_rules import slug
from dashgen.model.base import fields_of
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.document import SpecDocument
from dashgen.model.environment_references import from_provisioning, is_reference
from dashgen.model.notification_spec import Notifications
from dashgen.model.parse import parse_document
from dashgen.model.receivers import RECEIVER_TYPES, Other, Receiver
from dashgen.source.load import Document
from dashgen.source.provenance import Reporter, Resolved

_KEYS = ("contactPoints", "policies", "muteTimes", "inhibitionRules", "templates")
_TYPES = {kind.TYPE: (word, kind) for word, kind in RECEIVER_TYPES.items() if kind.TYPE}
# Settings that Grafana has as one text, and specs as a list.
_LISTS = {"addresses": r"[;,\n]", "mentionUsers": ",", "mentionGroups": ","}
_ALL_IS_ZERO = frozenset({"maxAlerts", "max_alerts"})
# Settings of contact types that dashgen does not know: their names tell what must not get into a spec.
_SECRET_NAME = lazy_pattern(r"token|password|secret|api_?key|credential|private", re.IGNORECASE)


def has_notifications(data: Json) -> bool:
    """Whether a provisioning file has anything that a ``Notifications`` document can say."""
    return any(mappings(data.get(key)) for key in _KEYS)


def plain_names(data: Json) -> Json:
    """A provisioning file with one ``$`` for two in names of contact points and in policies.

    Grafana replaces variables there, and its exports double each ``$``
    (`dashgen.compile.outputs.escape_references`); answers of its API have no ``apiVersion`` and are what they
    say.
    """
    if "apiVersion" not in data:
        return data
    points = [{**p, "name": _unescaped(p.get("name"))} for p in mappings(data.get("contactPoints"))]
    return {**data, "contactPoints": points, "policies": _unescaped(data.get("policies"))}


def notification_keys(data: Json, notes: Notes) -> Json:
    """The document of a provisioning file, empty when nothing of it can be in one.

    Secrets never get into it: in their place are references to variables of Grafana's environment.
    """
    document: Json = {}
    points, outside = _contact_points(mappings(data.get("contactPoints")), notes)
    if points:
        document["contact_points"] = points
    trees = mappings(data.get("policies"))
    if trees:
        document["policies"] = policy_keys(_unescaped(trees[0]), notes)
    timings = {
        text(item.get("name")): timing
        for item in mappings(data.get("muteTimes"))
        if (timing := timing_keys(item, notes))
    }
    if timings:
        document["mute_timings"] = timings
    rules = {
        text(item.get("name")): rule
        for item in mappings(data.get("inhibitionRules"))
        if (rule := inhibition_keys(item, notes))
    }
    if rules:
        document["inhibition_rules"] = rules
    templates = {text(t.get("name")): text(t.get("template")) for t in mappings(data.get("templates"))}
    if templates:
        document["templates"] = templates
    named = _named(document.get("policies", {}), ("contact_point",)) - points.keys()
    external = sorted({*outside, *named})
    if external:
        document["external_contact_points"] = external
    missing = sorted(_named(document.get("policies", {}), ("mute", "active")) - timings.keys())
    if missing:
        document["external_mute_timings"] = missing
    return {"kind": "Notifications", **document} if document else {}


def notification_problems(document: Json) -> list[Diagnostic]:
    """The errors of a document that the build would report."""
    resolved = Resolved(Document.empty("imported.yaml"), {k: v for k, v in document.items() if k != "kind"})
    report = Reporter(resolved)
    model = parse_document(Notifications, report)
    problems = report.diagnostics
    if model is not None:
        problems += notifications([SpecDocument(model, resolved)])[1]
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _named(policy: Json, keys: tuple[str, ...]) -> set[str]:
    names: set[str] = set()
    for key in keys:
        value = policy.get(key)
        names |= {value} if isinstance(value, str) else set(value or ())
    for route in policy.get("routes", ()):
        names |= _named(route, keys)
    return names


def _contact_points(points: list[Json], notes: Notes) -> tuple[Json, list[str]]:
    contact_points: Json = {}
    outside = []
    for point in points:
        name = _unescaped(text(point.get("name")))
        receivers = contact_points.get(name, {})
        for receiver in mappings(point.get("receivers")) or ([point] if point.get("type") else []):
            _add_receiver(receivers, name, receiver, notes)
        if receivers:
            contact_points[name] = receivers
        elif name:
            outside.append(name)
    return contact_points, outside


def _add_receiver(receivers: Json, name: str, receiver: Json, notes: Notes) -> None:
    kind = text(receiver.get("type"))
    if not kind:
        notes.drop(f"a receiver of contact point `{name}` that has no type")
        return
    word, model = _TYPES.get(kind, ("other", Other))
    # An e-mail receiver is a list of addresses in a spec: a second one would need other settings.
    if word == "email" and word in receivers:
        notes.drop(f"a second receiver of type `email` of contact point `{name}`")
        return
    present = receivers.get(word, [])
    earlier = present if isinstance(present, list) else [present]
    spec_receiver = _receiver(name, receiver, model, notes, again=len(earlier))
    if earlier:
        receivers[word] = [*earlier, spec_receiver]
    else:
        is_short = word == "email" and spec_receiver.keys() == {"to"}
        receivers[word] = spec_receiver["to"] if is_short else spec_receiver


def _receiver(name: str, receiver: Json, model: type[Receiver], notes: Notes, *, again: int) -> Json:
    kind = text(receiver.get("type"))
    settings = {**mapping(receiver.get("settings")), **mapping(receiver.get("secureSettings"))}
    settings = {key: value for key, value in settings.items() if value not in (None, "", [], {})}
    hidden = _SecretSettings(kind, f"{name} {kind}", notes)
    spec_receiver: Json = {}
    # A uid that the build would make is not written: it follows from the contact point, the type and the
    # number.
    own = text(receiver.get("uid"))
    if own and own != slug(f"{name} {kind}" + (f" {again + 1}" if again else ""), "contact"):
        spec_receiver["uid"] = own
    for ours, theirs in model.SETTINGS.items():
        if theirs in settings:
            value = hidden.value(settings.pop(theirs), (theirs,), ours)
            setting = _typed(model, ours, theirs, value)
            if setting is not None:
                spec_receiver[ours.rstrip("_")] = setting
    rest = {key: hidden.value(value, (key,), key) for key, value in settings.items()}
    if model is Other:
        spec_receiver = {"type": kind, **spec_receiver, "settings": rest}
    elif rest:
        spec_receiver["raw"] = rest
        notes.raw.append((f"contact point {name}", sorted(rest)))
    if receiver.get("disableResolveMessage") is True:
        spec_receiver["send_resolved"] = False
    return spec_receiver


class _SecretSettings(msgspec.Struct, frozen=True):
    """Settings of a receiver as a spec has them, with references for its secrets."""

    kind: str
    owner: str
    notes: Notes

    def value(self, value: object, path: tuple[str, ...], word: str) -> Any:
        """A setting; ``path`` leads there, ``word`` is its name in the spec."""
        if isinstance(value, dict):
            return {key: self.value(part, (*path, key), f"{word} {key}") for key, part in value.items()}
        contact_type = CONTACT_TYPES.get(self.kind)
        secret = ".".join(path) in contact_type.secret if contact_type else False
        if (
            isinstance(value, str | int)
            and not isinstance(value, bool)
            and (secret or self._looks_secret(value, path))
        ):
            return _reference(str(value), f"{self.owner} {word}", self.notes)
        return _unescaped(value)

    def _looks_secret(self, value: str | int, path: tuple[str, ...]) -> bool:
        contact_type = CONTACT_TYPES.get(self.kind)
        listed = contact_type is not None and path[0] in contact_type.optional
        return isinstance(value, str) and not listed and _SECRET_NAME.search(path[-1]) is not None


def _typed(model: type[Receiver], ours: str, theirs: str, value: object) -> Any:
    """A setting with the type of its key, as forms save numbers as text; None without effect."""
    if theirs in _LISTS and isinstance(value, str):
        parts = [part.strip() for part in re.split(_LISTS[theirs], value) if part.strip()]
        return parts[0] if len(parts) == 1 and theirs == "addresses" else parts
    if theirs == "headers" and isinstance(value, dict):
        return {key: str(part) for key, part in value.items()}
    if theirs in _ALL_IS_ZERO and value in (0, "0"):
        return None  # no limit, which is what holds anyway
    kind = next((f.type for f in fields_of(model) if f.name == ours), Any)
    return next((reading for reading in _readings(value) if _is_a(reading, kind)), value)


def _readings(value: object) -> Iterator[Any]:
    """A value, and the values of other types that it may stand for."""
    yield value
    if isinstance(value, str):
        parsed = number(value)
        if parsed is not None and str(parsed) == value.strip():
            yield parsed
        if value.lower() in ("true", "false"):
            yield value.lower() == "true"
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, int | float):
        yield str(value)


def _is_a(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _reference(secret: str, what: str, notes: Notes) -> str:
    if is_reference(secret):
        return secret
    variable = re.sub(r"[^A-Z0-9]+", "_", what.upper()).strip("_") or "SECRET"
    variable = variable if variable[0].isalpha() else f"X_{variable}"
    notes.convert(f"the secret of {what} is `${variable}` now; set it in Grafana's environment")
    return f"${variable}"


def _unescaped(value: object) -> Any:
    """Texts as a spec has them: ``$$`` is a dollar sign in a provisioning file, and text stays text."""
    if isinstance(value, str):
        return from_provisioning(value)
    if isinstance(value, dict):
        return {key: _unescaped(part) for key, part in value.items()}
    return [_unescaped(part) for part in value] if isinstance(value, list) else value
