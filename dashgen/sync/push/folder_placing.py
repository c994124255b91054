"""Find the folder of a Grafana that each required folder means, by uid or by title, or make it an item."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from dashgen.formats import resources as kinds
from dashgen.formats.resources import Key
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.managers import FROM_FILES
from dashgen.sync.push.desired_items import Desired, RequiredFolder, Titles
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import kind_of
from dashgen.sync.push.kinds.folder_kind import live_folder, with_description
from dashgen.sync.push.live_items import Live
from dashgen.sync.push.normal_items import digest
from dashgen.sync.push.push_state import PushState
from dashgen.sync.push.verdict import marks


class PlacedItems(Struct):
    """The items of the specs, with the uids of folders.

    Attributes:
        items: every item, folders first, those above others first.
        otherwise: what of folders is not as their specs have it, in words.
    """

    items: list[Item] = []
    otherwise: list[str] = []


class FolderTitles:
    """The path of titles of each folder by its uid."""

    def __init__(self, folders: Sequence[LiveFolder]) -> None:
        self._known = {folder.uid: (folder.title, folder.parent_uid) for folder in folders}

    def add(self, items: Sequence[Item]) -> None:
        """Learn what folders will be called."""
        self._known |= {
            item.uid: (item.title, item.folder_uid) for item in items if item.kind == kinds.FOLDER
        }

    def __call__(self, uid: str) -> str:
        """The path, with slashes; the uid itself when there is no such folder."""
        titles: list[str] = []
        seen: set[str] = set()
        current = uid
        while current and current not in seen:
            seen.add(current)
            title, current = self._known.get(current, (current, ""))
            titles.insert(0, title)
        return "/".join(titles)


def place_in_folders(desired: Desired, live: Sequence[LiveFolder], ours: frozenset[str]) -> PlacedItems:
    """Find the folders of everything that the specs define.

    Args:
        desired: what the specs define.
        live: the folders that Grafana has.
        ours: the uids of folders that were pushed before.
    """
    placed = PlacedItems()
    by_uid = {folder.uid: folder for folder in live}
    by_title = _by_title(live, ours)
    uids: dict[Titles, str] = {(): ""}
    for required in desired.folders:
        # Required folders come in the order of their depth, so the uid of the parent is known.
        parent = uids[required.titles[:-1]]
        same_title = by_title.get((parent, required.titles[-1]))
        uid = _uid(required, same_title, by_uid, ours)
        uids[required.titles] = uid
        if required.fixed and uid != required.uid:
            placed.otherwise.append(
                f"the folder `{'/'.join(required.titles)}` has the uid `{uid}` in Grafana, "
                f"and `{required.uid}` in its spec: "
                f"it is found by its title, and links to it by `{required.uid}` lead nowhere there"
            )
        title = required.titles[-1]
        content = {"uid": uid, "title": title}
        if required.description:
            content["description"] = required.description
        placed.items.append(
            Item(kinds.FOLDER, uid, title, content, parent, required.titles[:-1], required.spec)
        )
    placed.items += [kind_of(item).in_folder(item, uids[item.folder]) for item in desired.items]
    return placed


def _by_title(live: Sequence[LiveFolder], ours: frozenset[str]) -> Mapping[tuple[str, str], LiveFolder]:
    """Folders by parent and title; of two with one title ours counts, then the first by uid."""
    folders: dict[tuple[str, str], LiveFolder] = {}
    # Grafana lets two folders of one parent have one title.
    for folder in sorted(live, key=lambda folder: (folder.uid not in ours, folder.uid)):
        folders.setdefault((folder.parent_uid, folder.title), folder)
    return folders


def _uid(
    folder: RequiredFolder,
    same_title: LiveFolder | None,
    by_uid: Mapping[str, LiveFolder],
    ours: frozenset[str],
) -> str:
    if folder.fixed:
        # Folders of provisioning files have uids of Grafana's own: it is the title that they mean.
        return folder.uid if same_title is None or folder.uid in by_uid else same_title.uid
    # A declared folder keeps its uid when its title changes in Grafana or in the spec.
    if folder.declared and folder.uid in by_uid and (folder.uid in ours or same_title is None):
        return folder.uid
    if same_title is not None:
        return same_title.uid
    # Somebody else's folder has the uid that this one would get.
    if folder.uid in by_uid and folder.uid not in ours:
        mark = sha256("/".join(folder.titles).encode()).hexdigest()[:6]
        return f"{folder.uid[:33]}-{mark}"
    return folder.uid


def folder_items(items: Iterable[Item]) -> dict[Key, Item]:
    """The folders among items, by key."""
    return {item.key: item for item in items if item.kind == kinds.FOLDER}


def complete_folders(grafana: Grafana, items: Sequence[Item], live: Live, state: PushState) -> None:
    """Read or infer what a listing of folders leaves out: old descriptions, and provisioning files as owners.

    Args:
        grafana: the client.
        items: the desired items; their folders are looked at.
        live: what was read; its folders are completed.
        state: what was pushed last.

    Raises:
        GrafanaError: a description cannot be read.
    """
    folders = folder_items(items).values()
    # Descriptions that a push wrote and no spec gives any more have to be deleted. Each costs a request, so
    # it is read only of folders whose checksum without one is not the one that was pushed.
    for folder in folders:
        current = live.get(folder.key)
        if current is None or folder.content.get("description"):
            continue
        pushed = marks(current, state.get(folder.key), None)
        if pushed and digest(current.item) not in pushed and isinstance(current.handle, LiveFolder):
            described = live_folder(with_description(grafana, current.handle, ""))
            if digest(described.item) in pushed:
                live.add(replace(described, noted=current.noted, intended=current.intended))
    # Grafana does not say that a provisioning file made a folder, but what is in it tells.
    provisioned = {resource.item.folder_uid for resource in live if resource.is_provisioned}
    for folder in folders:
        current = live.get(folder.key)
        if folder.uid in provisioned and current is not None and not current.owner:
            # Nothing but provisioning could write a description: the spec's own is taken, so that it is no
            # difference.
            description = {key: value for key, value in folder.content.items() if key == "description"}
            item = replace(current.item, content={**current.item.content, **description})
            live.add(replace(current, item=item, owner=FROM_FILES))
