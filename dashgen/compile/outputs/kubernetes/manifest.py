"""What the resources of Kubernetes have in common: names, labels, and the file around one."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.core.json_values import Json, at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.panel_identity import slug
from dashgen.model.project_file import KubernetesSettings
from dashgen.source.provenance import Resolved, SpecPart
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes
from dashgen.workspace.workspace import Workspace

FOLDER: Final = "kubernetes"
_NAME: Final = lazy_pattern(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LONGEST: Final = 63
_V1_SINCE: Final = 13
"""The Grafana that serves `dashboard.grafana.app/v1`."""
_UNPRINTABLE: Final = lazy_pattern("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that JSON may have as they are and a block of YAML may not."""
Origins = Sequence[tuple[Path, SpecPart]]


class ManifestSettings(Struct, frozen=True):
    """What every resource gets.

    Attributes:
        kubernetes: the settings of the project.
        namespace: the namespace of resources; empty for none.
        dashboard_api: the version of Grafana's dashboard API that a Git Sync folder is for.
    """

    kubernetes: KubernetesSettings
    namespace: str = ""
    dashboard_api: str = "v1beta1"

    def has(self, layout: str) -> bool:
        """Whether a layout is built."""
        return layout in self.kubernetes.layouts

    def metadata(
        self, name: str, labels: Mapping[str, str] | None = None, namespace: str | None = None
    ) -> Json:
        """The metadata of a resource.

        Args:
            name: its name.
            labels: its own labels, beside those of the project.
            namespace: its namespace, where it is not the project's.
        """
        target = self.namespace if namespace is None else namespace
        every = {"app.kubernetes.io/managed-by": "dashgen", **self.kubernetes.labels, **(labels or {})}
        return {
            "name": name,
            **({"namespace": target} if target else {}),
            "labels": dict(sorted(every.items())),
        }


def manifest_settings(workspace: Workspace, form: str = "classic") -> ManifestSettings:
    """What every resource of a project gets in the environment that it is read for.

    Args:
        workspace: the project.
        form: the form of dashboard files; `v2` is also that of the files that Git Sync pulls.
    """
    project = workspace.project
    namespace = workspace.overlay.namespace or project.kubernetes.namespace or ""
    version = int(project.grafana.partition(".")[0])
    api = "v2" if form == "v2" else "v1" if version >= _V1_SINCE else "v1beta1"
    return ManifestSettings(project.kubernetes, namespace, api)


def resource_name(text: str, prefix: str = "") -> str:
    """A name of Kubernetes (DNS-1123 label) made from a uid or title, the same each time.

    A text that is no such name keeps apart from others by its hash: `A_b` and `a-b` are two resources.
    """
    lower = slug(text, "x")
    name = f"{prefix}-{lower}" if prefix else lower
    if text == lower and len(name) <= _LONGEST and _NAME.fullmatch(name):
        return name
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST - 9].rstrip('-')}-{mark}"


def manifest(
    path: str,
    data: Json,
    resource: ArtifactResource,
    origins: Origins,
    notes: Sequence[str] = (),
) -> Artifact:
    """The file with one resource.

    Args:
        path: its path below the folder `kubernetes`.
        data: the resource.
        resource: what it stands for.
        origins: the parts of the specs that it is made from.
        notes: lines of its header.
    """
    content = yaml_bytes(data, generated_header([resource.location.file], notes))
    return Artifact(f"{FOLDER}/{path}.yaml", content, (resource,), tuple(origins), data)


def text_manifest(
    path: str, head: Json, opening: str, text: str, resources: tuple[ArtifactResource, ...]
) -> Artifact:
    """The file with a resource that ends with a text, such as a dashboard.

    The text is written by hand: YAML's own writer looks at every character of it, which takes longer than all
    else that is done for a dashboard.

    Args:
        path: the file's path below the folder `kubernetes`.
        head: the resource without the text.
        opening: the lines that lead to the text, up to its key.
        text: the text, without leading spaces in its first line.
        resources: what it stands for.
    """
    printable = _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    block = "".join(f"    {line}\n" if line else "\n" for line in printable.rstrip("\n").split("\n"))
    header = generated_header([resource.location.file for resource in resources])
    content = yaml_bytes(head, header) + f"{opening} |\n{block}".encode()
    return Artifact(f"{FOLDER}/{path}.yaml", content, resources, (), head)


def below(
    steps: Path, origins: Iterable[tuple[Path, SpecPart]], start: Path = ()
) -> list[tuple[Path, SpecPart]]:
    """The origins of a part of one file, for another file that has the part at ``steps``.

    Args:
        steps: where the part is in the other file.
        origins: those of the file that has it.
        start: where the part is there.
    """
    length = len(start)
    return [((*steps, *path[length:]), part) for path, part in origins if path[:length] == start]


def origins_of(
    resolved: Resolved, parts: Mapping[Path, Path], raw: Mapping[str, Any]
) -> list[tuple[Path, SpecPart]]:
    """The origins of a resource that is made from one document.

    Args:
        resolved: the document.
        parts: the parts of the document by the paths of the resource that they become.
        raw: what is merged over the resource at last, which the document has under `raw`.
    """
    written = {
        path: part for path, part in parts.items() if part[0] in resolved.data and at(raw, path, None) is None
    }
    return [((), SpecPart(resolved)), *((path, SpecPart(resolved, part)) for path, part in written.items())]


def without_empty(data: Mapping[str, Any]) -> Json:
    """The keys that say something."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}
