"""What the provisioning files have in common."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.model.environment_references import variables
from dashgen.model.notification_spec import OUTSIDE_NOTE, External
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes

ORG_ID = 1
NOTHING_OUTSIDE = External()
Origins: TypeAlias = list[tuple[Path, SpecPart]]


class Tombstone(Struct, frozen=True):
    """Something that an earlier build made and this one does not, so that Grafana has to delete it."""

    kind: str
    uid: str
    name: str = ""


def gone(
    tombstones: Iterable[Tombstone], *kinds: str, resources: Iterable[ArtifactResource] = ()
) -> list[Tombstone]:
    """The tombstones of some kinds, sorted, without those whose resource exists again."""
    alive = {(resource.kind, resource.uid) for resource in resources}
    absent_tombstones = {t for t in tombstones if t.kind in kinds and (t.kind, t.uid) not in alive}
    return sorted(absent_tombstones, key=lambda t: (t.uid, t.name))


def provisioning_artifact(
    path: str,
    data: Mapping[str, Any],
    resources: Sequence[ArtifactResource],
    origins: Sequence[tuple[Path, SpecPart]],
    outside: External = NOTHING_OUTSIDE,
    *,
    replaced: bool = True,
) -> list[Artifact]:
    """The file with ``apiVersion`` and the keys that are not empty; no file when none is left.

    Args:
        path: the file's path.
        data: its content.
        resources: what is in it.
        origins: the parts of the specs that it is made from.
        outside: what Grafana has from elsewhere; the file's header lists what it names of this.
        replaced: whether a text of it can refer to the environment.
    """
    content = {key: value for key, value in data.items() if value not in ([], {}, None)}
    if not content:
        return []
    sources = {resource.location.file for resource in resources}
    needed = sorted(set(variables(_without_doubles(content)))) if replaced else []
    notes = [f"Grafana needs these in its environment: {', '.join(needed)}"] if needed else []
    named = _external(content, outside)
    if named:
        notes.append(f"{OUTSIDE_NOTE}{json.dumps(named, ensure_ascii=False)}")
    written = {"apiVersion": 1, **content}
    text = yaml_bytes(written, generated_header(sources, notes))
    return [Artifact(path, text, tuple(resources), tuple(origins), written)]


def _external(content: object, outside: External) -> dict[str, list[str]]:
    """What a file names of what Grafana has from elsewhere."""
    used: dict[str, set[str]] = {"contact_points": set(), "mute_timings": set()}
    todo: list[Any] = [content]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            used["contact_points"] |= outside.contact_points & {value.get("receiver")}
            for key in ("mute_time_intervals", "active_time_intervals"):
                used["mute_timings"] |= set(value.get(key) or ()) & outside.mute_timings
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return {key: sorted(names) for key, names in used.items() if names}


def _without_doubles(value: object) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "")
    if isinstance(value, dict):
        return [_without_doubles(child) for child in value.values()]
    if isinstance(value, list):
        return [_without_doubles(child) for child in value]
    return value
