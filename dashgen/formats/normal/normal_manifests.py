"""The normal form of the resources of Kubernetes that dashgen builds.

A scaler is all of its own. Everything else carries what other files of the output have too: a dashboard,
rules, contact points. Of these only the frame is compared here, so that one change is told once.
"""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import Json, mapping, scalar_text
from dashgen.formats.normal.plain_values import without_empty
from dashgen.formats.resources import MANIFEST, SCALER, Resource

GIT_SYNC: Final = "git-sync/"
_MANAGED: Final = ("app.kubernetes.io/managed-by", "dashgen")
_SCALING: Final = frozenset({"ScaledObject", "TriggerAuthentication", "HorizontalPodAutoscaler"})
_CARRIED: Final = frozenset(
    {
        "json", "gzipJson", "groups", "rules", "receivers", "route", "datasource", "valuesFrom", "template",
        "time_intervals", "title",
    }
)  # fmt: skip


def manifests_of_file(document: Json, *, path: str = "") -> Iterator[Resource]:
    """The resource of a file, if dashgen built it."""
    metadata, kind = mapping(document.get("metadata")), scalar_text(document.get("kind"))
    label, value = _MANAGED
    if mapping(metadata.get("labels")).get(label) != value:
        return
    name = scalar_text(metadata.get("name"))
    frame = {key: part for key, part in metadata.items() if key != "name"}
    spec = mapping(document.get("spec"))
    if kind not in _SCALING:
        spec = {key: part for key, part in spec.items() if key not in _CARRIED}
    data = without_empty({"metadata": frame, "spec": spec})
    resource_kind = SCALER if kind in _SCALING else MANIFEST
    yield Resource(resource_kind, f"{kind}/{name}", name, data, path=path)
