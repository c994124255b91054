"""Contact points, policies, mute timings and templates of Grafana become a ``Notifications`` document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from dashgen.compile.outputs.notification_files import notifications
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.legacy.legacy_values import number
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.rules.import_policies import policy_words, timing_words
from dashgen.model.alert_rules import slug
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.document import SpecDocument
from dashgen.model.environment_references import from_provisioning, is_reference
from dashgen.model.notification_spec import Notifications
from dashgen.model.parse import parse_document
from dashgen.model.receivers import RECEIVER_TYPES, Other, Receiver
from dashgen.source.load import Document
from dashgen.source.provenance import Resolved

_KEYS = ("contactPoints", "policies", "muteTimes", "templates")
_TYPES = {kind.TYPE: (word, kind) for word, kind in RECEIVER_TYPES.items() if kind.TYPE}
_LISTS = {"addresses": r"[;,\n]", "mentionUsers": ",", "mentionGroups": ","}
_ALL_IS_ZERO = frozenset({"maxAlerts", "max_alerts"})
_SECRET_NAME = re.compile(r"token|password|secret|api_?key|credential|private", re.IGNORECASE)


def has_notifications(data: Json) -> bool:
    """Whether a provisioning file has anything that a ``Notifications`` document can say."""
    return any(mappings(data.get(key)) for key in _KEYS)


def plain_names(data: Json) -> Json:
    """A provisioning file with one ``$`` for two in names of contact points and in policies.

    Grafana replaces variables there, and its exports double each ``$`` (`dashgen.compile.outputs.escape_references`); answers of its API
    have no ``apiVersion`` and are what they say.
    """
    if "apiVersion" not in data:
        return data
    points = [{**p, "name": _unescaped(p.get("name"))} for p in mappings(data.get("contactPoints"))]
    return {**data, "contactPoints": points, "policies": _all_unescaped(data.get("policies"))}


def _all_unescaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _all_unescaped(part) for key, part in value.items()}
    return [_all_unescaped(part) for part in value] if isinstance(value, list) else _unescaped(value)


def notification_words(data: Json, notes: Notes) -> Json:
    """The document of a provisioning file, empty when nothing of it could be kept.

    Secrets never get into it: a reference to a variable of Grafana's environment stands in their place.
    """
    found: Json = {}
    points, outside = _contact_points(mappings(data.get("contactPoints")), notes)
    if points:
        found["contact_points"] = points
    trees = mappings(data.get("policies"))
    if trees:
        found["policies"] = policy_words(_unescaped(trees[0]), notes)
    timings = {
        text(item.get("name")): words
        for item in mappings(data.get("muteTimes"))
        if (words := timing_words(item, notes))
    }
    if timings:
        found["mute_timings"] = timings
    templates = {text(t.get("name")): text(t.get("template")) for t in mappings(data.get("templates"))}
    if templates:
        found["templates"] = templates
    named = _named(found.get("policies", {}), ("contact_point",)) - points.keys()
    external = sorted({*outside, *named})
    if external:
        found["external_contact_points"] = external
    missing = sorted(_named(found.get("policies", {}), ("mute", "active")) - timings.keys())
    if missing:
        found["external_mute_timings"] = missing
    return {"kind": "Notifications", **found} if found else {}


def notification_problems(document: Json) -> list[Diagnostic]:
    """What the build says of a document."""
    problems: list[Diagnostic] = []
    resolved = Resolved(Document.empty("imported.yaml"), {k: v for k, v in document.items() if k != "kind"})
    model = parse_document(Notifications, resolved, problems)
    if model is not None:
        problems += notifications([SpecDocument(model, resolved)])[1]
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _named(policy: Json, keys: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for key in keys:
        value = policy.get(key)
        found |= {value} if isinstance(value, str) else set(value or ())
    for route in policy.get("routes", ()):
        found |= _named(route, keys)
    return found


def _contact_points(points: list[Json], notes: Notes) -> tuple[Json, list[str]]:
    found: Json = {}
    outside = []
    for point in points:
        name = _unescaped(text(point.get("name")))
        words = found.get(name, {})
        for receiver in mappings(point.get("receivers")) or ([point] if point.get("type") else []):
            _add_receiver(words, name, receiver, notes)
        if words:
            found[name] = words
        elif name:
            outside.append(name)
    return found, outside


def _add_receiver(words: Json, name: str, receiver: Json, notes: Notes) -> None:
    kind = text(receiver.get("type"))
    if not kind:
        notes.drop(f"a receiver of contact point `{name}` that has no type")
        return
    word, model = _TYPES.get(kind, ("other", Other))
    if word == "email" and word in words:
        notes.drop(f"a second receiver of type `email` of contact point `{name}`")
        return
    said = _receiver(name, receiver, model, notes, again=_count(words.get(word)))
    if word not in words:
        words[word] = said["to"] if word == "email" and said.keys() == {"to"} else said
    else:
        words[word] = [*(words[word] if isinstance(words[word], list) else [words[word]]), said]


def _count(value: Any) -> int:
    return 0 if value is None else len(value) if isinstance(value, list) else 1


def _receiver(name: str, receiver: Json, model: type[Receiver], notes: Notes, *, again: int) -> Json:
    kind = text(receiver.get("type"))
    settings = {**mapping(receiver.get("settings")), **mapping(receiver.get("secureSettings"))}
    settings = {key: value for key, value in settings.items() if value not in (None, "", [], {})}
    hidden = _Hidden(kind, f"{name} {kind}", notes)
    found: Json = {}
    own = text(receiver.get("uid"))
    if own and own != slug(f"{name} {kind}" + (f" {again + 1}" if again else ""), "contact"):
        found["uid"] = own
    for ours, theirs in model.SETTINGS.items():
        if theirs in settings:
            value = hidden.value(settings.pop(theirs), (theirs,), ours)
            said = _typed(model, ours, theirs, value)
            if said is not None:
                found[ours.rstrip("_")] = said
    rest = {key: hidden.value(value, (key,), key) for key, value in settings.items()}
    if model is Other:
        found = {"type": kind, **found, "settings": rest}
    elif rest:
        found["raw"] = rest
        notes.raw.append((f"contact point {name}", sorted(rest)))
    if receiver.get("disableResolveMessage") is True:
        found["send_resolved"] = False
    return found


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Settings of a receiver as a spec writes them: its secrets become references."""

    kind: str
    owner: str
    notes: Notes

    def value(self, value: Any, path: tuple[str, ...], word: str) -> Any:
        """A setting; ``path`` leads there, ``word`` is its name in the spec."""
        if isinstance(value, dict):
            return {key: self.value(part, (*path, key), f"{word} {key}") for key, part in value.items()}
        known = CONTACT_TYPES.get(self.kind)
        secret = ".".join(path) in known.secret if known else False
        if (
            isinstance(value, str | int)
            and not isinstance(value, bool)
            and (secret or self._looks_secret(value, path))
        ):
            return _reference(str(value), f"{self.owner} {word}", self.notes)
        return _unescaped(value)

    def _looks_secret(self, value: str | int, path: tuple[str, ...]) -> bool:
        known = CONTACT_TYPES.get(self.kind)
        listed = known is not None and path[0] in known.known
        return isinstance(value, str) and not listed and _SECRET_NAME.search(path[-1]) is not None


def _typed(model: type[Receiver], ours: str, theirs: str, value: Any) -> Any:
    """A setting with the type that its word takes: forms save numbers as text; None for what says nothing."""
    if theirs in _LISTS and isinstance(value, str):
        parts = [part.strip() for part in re.split(_LISTS[theirs], value) if part.strip()]
        return parts[0] if len(parts) == 1 and theirs == "addresses" else parts
    if theirs == "headers" and isinstance(value, dict):
        return {key: str(part) for key, part in value.items()}
    if theirs in _ALL_IS_ZERO and value in (0, "0"):
        return None  # no limit, which is what holds anyway
    kind = next((f.type for f in msgspec.structs.fields(model) if f.name == ours), Any)
    return next((made for made in _readings(value) if _is_a(made, kind)), value)


def _readings(value: Any) -> Iterator[Any]:
    """A value, and what else was meant when it is of another type."""
    yield value
    if isinstance(value, str):
        found = number(value)
        if found is not None and str(found) == value.strip():
            yield found
        if value.lower() in ("true", "false"):
            yield value.lower() == "true"
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, int | float):
        yield str(value)


def _is_a(value: Any, kind: Any) -> bool:
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


def _unescaped(value: Any) -> Any:
    """Texts as a spec writes them: `$$` is a dollar sign in a provisioning file, and what was text stays text."""
    if isinstance(value, str):
        return from_provisioning(value)
    if isinstance(value, dict):
        return {key: _unescaped(part) for key, part in value.items()}
    return [_unescaped(part) for part in value] if isinstance(value, list) else value
