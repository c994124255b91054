"""The permissions for a push: to read what the specs define, and to write what is planned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from dashgen.formats import resources as kinds
from dashgen.formats.resources import kind_name
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.permission_table import ON_DASHBOARD, ResourceAccess
from dashgen.servers.grafana.required_permissions import ROOT, Need
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of, label, resource_kinds
from dashgen.sync.push.push_plan import WRITES, PushStep, StepAction

_OPERATIONS = {
    StepAction.CREATE: ResourceAccess.CREATE,
    StepAction.UPDATE: ResourceAccess.UPDATE,
    StepAction.DELETE: ResourceAccess.DELETE,
}

FOLDERS_READ = Need(kinds.FOLDER, ResourceAccess.READ, subject="the folders")
"""What every comparison begins with."""


class FolderChains:
    """The folders above each folder of a Grafana, as permissions are inherited along them.

    Args:
        parents: the uid of each folder's parent, by the folder's own; empty at the root.
    """

    def __init__(self, parents: Mapping[str, str]) -> None:
        self._parents = parents

    def __contains__(self, uid: str) -> bool:
        return uid in self._parents

    def of(self, uid: str) -> tuple[str, ...]:
        """A folder and those above it; the root has a uid of its own."""
        chain: list[str] = []
        while uid and uid not in chain:
            chain.append(uid)
            uid = self._parents.get(uid, "")
        return tuple(chain) or (ROOT,)


def read_needs(
    grafana: Grafana, items: Sequence[Item], chains: FolderChains, *, remembered: Iterable[str] = ()
) -> Iterator[Need]:
    """What reading the resources of specs needs.

    What may not exist yet has no permissions of its own: then any permission to read its kind counts.

    Args:
        grafana: the client.
        items: the resources, with the uids of their folders.
        chains: the folders that there are.
        remembered: the kinds of what was pushed before, which no spec may define any more.
    """
    for name in sorted({*remembered} - {item.kind for item in items}):
        apis = resource_kinds()[name].uses_apis(grafana)
        yield Need(name, ResourceAccess.READ, subject=f"{kind_name(name)} of an earlier push", apis=apis)
    for item in items:
        uid = ""
        folders: tuple[str, ...] = ()
        if kind_of(item).is_permitted_by_folder and item.folder_uid in chains:
            uid, folders = item.uid, chains.of(item.folder_uid)
        yield _need(grafana, item, ResourceAccess.READ, uid=uid, folders=folders)


def write_needs(grafana: Grafana, steps: Sequence[PushStep], chains: FolderChains) -> Iterator[Need]:
    """What taking the steps of a plan needs.

    Who makes a folder may do everything in it, so for what comes into a new one no scope is looked at.

    Args:
        grafana: the client.
        steps: the steps.
        chains: the folders that there are.
    """
    placed = (step.item for step in steps if kind_of(step.item).is_permitted_by_folder)
    folder_uids = {item.uid: item.folder_uid for item in placed}
    for step in steps:
        if step.act not in WRITES:
            continue
        for need in _step_needs(grafana, step, chains):
            if need.kind == ON_DASHBOARD:
                # Of a dashboard that no spec defines nobody knows the folder, on which it depends too.
                folder = folder_uids.get(need.uid)
                is_readable = folder is not None and (not folder or folder in chains)
                folders = chains.of(folder or "") if is_readable else ()
                yield replace(need, uid=need.uid if is_readable else "", folders=folders)
            else:
                yield need


def _step_needs(grafana: Grafana, step: PushStep, chains: FolderChains) -> Iterator[Need]:
    item, live = step.item, step.live.item if step.live else None
    existing = live or item
    operation = _OPERATIONS[step.act]
    if existing.folder_uid and existing.folder_uid not in chains:
        yield _need(grafana, item, operation, uid="", folders=())
        return
    yield _need(grafana, item, operation, uid=item.uid, folders=chains.of(existing.folder_uid))
    if live is None or step.wanted is None:
        return
    # Into another folder it comes as something new does.
    is_moved = live.folder_uid != item.folder_uid and (not item.folder_uid or item.folder_uid in chains)
    members, old_members = set(kind_of(item).members(item)), set(kind_of(item).members(live))
    if is_moved or members - old_members:
        folders = chains.of(item.folder_uid)
        yield _need(grafana, item, ResourceAccess.CREATE, uid=item.uid, folders=folders)
    if old_members - members:
        yield _need(
            grafana, item, ResourceAccess.DELETE, uid=item.uid, folders=chains.of(existing.folder_uid)
        )


def _need(
    grafana: Grafana, item: Item, operation: ResourceAccess, *, uid: str, folders: tuple[str, ...]
) -> Need:
    name, kind = item.kind, kind_of(item)
    dashboard = kind.dashboard_uid(item)
    if dashboard and operation is not ResourceAccess.READ:
        name, uid, folders = ON_DASHBOARD, dashboard, ()
    is_written = operation in (ResourceAccess.CREATE, ResourceAccess.UPDATE)
    queried = kind.queried_sources(item) if is_written else ()
    return Need(name, operation, uid, folders, label(item), kind.uses_apis(grafana), queried)
