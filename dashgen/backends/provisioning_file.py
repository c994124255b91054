"""What the provisioning files have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dashgen.backends.artifact import Artifact, Resource
from dashgen.backends.yaml_text import generated_header, yaml_bytes
from dashgen.model.environment import variables
from dashgen.spec.provenance import SpecPart
from dashgen.spec.source import Path

ORG_ID = 1
Origins: TypeAlias = list[tuple[Path, SpecPart]]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something that an earlier build made and this one does not: Grafana is told to delete it."""

    kind: str
    uid: str
    name: str = ""


def gone(tombstones: Iterable[Tombstone], *kinds: str, kept: Iterable[Resource] = ()) -> list[Tombstone]:
    """The tombstones of some kinds, sorted, without those whose resource exists again."""
    alive = {(resource.kind, resource.uid) for resource in kept}
    found = {t for t in tombstones if t.kind in kinds and (t.kind, t.uid) not in alive}
    return sorted(found, key=lambda t: (t.uid, t.name))


def provisioning_artifact(
    path: str,
    data: Mapping[str, Any],
    resources: Sequence[Resource],
    origins: Sequence[tuple[Path, SpecPart]],
    notes: Sequence[str] = (),
) -> list[Artifact]:
    """The file with ``apiVersion`` and the keys that are not empty; no file when none is left."""
    content = {key: value for key, value in data.items() if value not in ([], {}, None)}
    if not content:
        return []
    sources = {resource.location.file for resource in resources}
    needed = sorted(set(variables(_without_doubles(content))))
    if needed:
        notes = [*notes, f"Grafana needs these in its environment: {', '.join(needed)}"]
    written = {"apiVersion": 1, **content}
    text = yaml_bytes(written, generated_header(sources, notes))
    return [Artifact(path, text, tuple(resources), tuple(origins), written)]


def _without_doubles(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "")
    if isinstance(value, dict):
        return [_without_doubles(child) for child in value.values()]
    if isinstance(value, list):
        return [_without_doubles(child) for child in value]
    return value
