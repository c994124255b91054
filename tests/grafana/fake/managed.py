"""What a Grafana keeps for the manager of a resource.

Source: pkg/storage/unified/apistore/managed.go of Grafana 13.3 (`checkManagerPropertiesOnUpdateSpec`,
`enforceManagerProperties`, `ensureSameRepoManager`; commit 01f30ec5). Before 13 only what a repository manages is
kept, as recorded of 12.4.3.
"""

from typing import TYPE_CHECKING

from tests.grafana.fake.objects import taken
from tests.grafana.fake.store import PREFIX

if TYPE_CHECKING:
    from tests.grafana.fake.server import FakeGrafana

_REPOSITORY = "this resource is managed by a repository"
_REMOVED = "Can not remove resource manager from resource"
_KIND = "Cannot change resource manager kind from {} to {}; remove the existing manager first"
_IDENTITY = "Cannot change resource manager identity; remove the existing manager first, then add the new one"


def _manager(annotations: dict[str, str]) -> tuple[str, str]:
    """The kind and the identity; without an identity nobody manages it, except in the classic ways."""
    kind, identity = annotations.get(PREFIX + "managedBy", ""), annotations.get(PREFIX + "managerId", "")
    return (kind, identity) if identity or kind.startswith("classic-") else ("", "")


def require_manager(grafana: "FakeGrafana", old: dict[str, str], new: dict[str, str] | None = None) -> None:
    """Refuse a write, or without ``new`` a deletion, of what somebody else manages.

    Raises:
        Stop: with 403.
    """
    before, after = _manager(old), _manager(old if new is None else new)
    if before[0] == "repo":
        raise taken(403, _REPOSITORY if after == before else _REMOVED)
    if grafana.config.major < 13 or not before[0] or not after[0]:
        return
    if after[0] != before[0]:
        raise taken(403, _KIND.format(before[0], after[0]))
    if after[1] != before[1] and not before[0].startswith("classic-"):
        raise taken(403, _IDENTITY)


def require_folder(grafana: "FakeGrafana", folder_uid: str, annotations: dict[str, str]) -> None:
    """Refuse what a repository does not manage in a folder that it does.

    Raises:
        Stop: with 403.
    """
    folder = grafana.store.folders.get(folder_uid)
    owner = _manager(folder.annotations) if folder is not None else ("", "")
    if grafana.config.major < 13 or owner[0] != "repo":
        return
    manager = _manager(annotations)
    if not manager[0]:
        raise taken(403, f"folder is managed by repo:{owner[1]}, but the resource is not managed")
    if manager != owner:
        message = (
            f"resource manager ({':'.join(manager)}) does not match folder manager (repo:{owner[1]}); "
            "resources must be managed by the same manager as their containing folder"
        )
        raise taken(403, message)
