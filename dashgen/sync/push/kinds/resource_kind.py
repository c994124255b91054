"""What a push has to know of one kind of resource."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from msgspec import Struct

from dashgen.compare import Change
from dashgen.compile.pipeline import Compilation
from dashgen.core.diagnostics.redaction import without_users
from dashgen.core.json_values import Json, JsonPath, mapping
from dashgen.formats.resources import Key, Resource, kind_name
from dashgen.model.folder import FolderPlace
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.source.load import decode, load_text
from dashgen.sync.push.dashboard_form import FormPolicy
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.secret_references import Environment

T = TypeVar("T")
FolderPath = Callable[[str], str]
"""The path of titles of a folder, by its uid."""


class DesiredSources(Struct, frozen=True):
    """What the items of the specs are made from.

    Attributes:
        compilation: the compiled specs.
        output: the folder of the files whose contents the compilation did not keep.
        folders: the folders that specs define, by the key that other specs name them by.
    """

    compilation: Compilation
    output: Path
    folders: Mapping[str, FolderPlace]

    def provisioning(self, path: str) -> tuple[Json, dict[str, str]]:
        """The data of a provisioning file, and the spec of each resource in it by uid.

        Both empty without the file.
        """
        # A project that defines no such resources has no file of them.
        record = self.compilation.records.get(path)
        if record is None:
            return {}, {}
        loaded = load_text(path, decode(self.compilation.content(path), path))
        data = loaded.documents[0].data if loaded.documents else None
        return (data if isinstance(data, dict) else {}), {owned.uid: owned.spec for owned in record.owned}

    def folder(self, path: str) -> Iterator[tuple[Json, str]]:
        """The data of each file in a folder of the output, with the spec of what is in it."""
        for file in sorted(self.compilation.records):
            if file.startswith(path):
                data, specs = self.provisioning(file)
                yield data, next(iter(specs.values()), "")


class ReadRequest(Struct, frozen=True):
    """Which resources of a Grafana to read.

    Attributes:
        uids: the uids by kind.
        folders: the folders of the Grafana, which were read before.
        items: the items of the specs by key, where equal contents need not be kept.
        pushed: the versions of the dashboards whose spec is as it was pushed last, by uid.
        environment: the environment that is pushed for; empty when there is none.
        policy: what decides about the form of dashboards.
    """

    uids: Mapping[str, frozenset[str]]
    folders: Sequence[LiveFolder] = ()
    items: Mapping[Key, Item] = {}
    pushed: Mapping[str, str] = {}
    environment: str = ""
    policy: FormPolicy = FormPolicy()

    def of(self, kind: str) -> frozenset[str]:
        """The uids of one kind."""
        return self.uids.get(kind, frozenset())


Parts = Mapping[str, str]
"""The checksum of each part of a resource, by which a merge tells who changed what since the last push."""


class Merged(Struct, frozen=True):
    """Both sides' changes of a resource together.

    Attributes:
        item: the resource with both.
        clashes: what both sides changed, each in its own way, in words by the part; nothing may be written
        then.
        edited: the parts that people changed in Grafana since the last push.
    """

    item: Item
    clashes: Mapping[str, str] = {}
    edited: tuple[str, ...] = ()


def parts_after(pushed: Parts, specs: Parts, written: Parts) -> dict[str, str]:
    """What counts as pushed after a write that kept edits of others: for those what the specs say.

    Args:
        pushed: the parts of what is in Grafana after the write.
        specs: the parts of what the specs define.
        written: the parts of what was written, with the edits.
    """
    written_keys = {key for key in {**specs, **written} if specs.get(key) != written.get(key)}
    after = {key: value for key, value in pushed.items() if key not in written_keys}
    return after | {key: specs[key] for key in written_keys if key in specs}


def uids_by_kind(keys: Iterable[Key]) -> dict[str, frozenset[str]]:
    """The uids of resources, by kind."""
    uids: dict[str, set[str]] = {}
    for kind, uid in keys:
        uids.setdefault(kind, set()).add(uid)
    return {kind: frozenset(members) for kind, members in uids.items()}


@dataclass(frozen=True, slots=True)
class WriteContext:
    """What every write of a push shares.

    Attributes:
        grafana: the client.
        environment: the variables that references are resolved with.
        message: the message for the history.
        stage: the environment that is pushed for; empty when there is none.
        moving: the members that move from one resource to another, with the uid of the one that has them.
    """

    grafana: Grafana
    environment: Environment = field(repr=False)
    message: str
    stage: str = ""
    moving: Mapping[str, str] = field(default_factory=dict)


class ResourceKind(ABC):
    """One kind of resource.

    Attributes:
        name: its name in `KINDS`.
        order: its rank among the kinds; a resource may refer to those of lower ranks, so these are written
            first.
        page: the path of the page that shows it, for people.
        has_references: whether its texts refer to the environment, resolved as late as possible.
        has_secrets: whether Grafana hides some of its values from readers.
        has_mark: whether Grafana keeps the checksum of a push in it; beside those of other kinds a note is
            kept.
        has_history: whether Grafana keeps its past versions.
        is_numerous: whether there may be hundreds that take a request each to read, so that they are read
            first.
        is_independent: whether several of it may be written at once.
        is_permanent: whether Grafana always has one, so that a write counts as making it.
        is_pulled: whether `dashgen pull` takes edits of it over.
        is_kept_out_of_repositories: whether Grafana refuses it in folders that Git Sync manages
            (`ensureSameRepoManager` in pkg/storage/unified/apistore/managed.go, 13.3; rules are stored
            elsewhere).
        is_permitted_by_folder: whether leave to read it comes from the folder that it is in.
        uid_in_content: whether the body of a request has the uid too.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    page: ClassVar[str] = ""
    has_references: ClassVar[bool] = False
    has_secrets: ClassVar[bool] = False
    has_mark: ClassVar[bool] = False
    has_history: ClassVar[bool] = False
    is_numerous: ClassVar[bool] = False
    is_independent: ClassVar[bool] = False
    is_permanent: ClassVar[bool] = False
    is_pulled: ClassVar[bool] = False
    is_kept_out_of_repositories: ClassVar[bool] = False
    is_permitted_by_folder: ClassVar[bool] = False
    uid_in_content: ClassVar[bool] = False

    @abstractmethod
    def desired(self, sources: DesiredSources) -> Iterable[Item]:
        """The items of the specs; the uids of their folders are not known yet."""

    @abstractmethod
    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterable[LiveItem]:
        """The resources that a request names, and others that come with them in one answer.

        Raises:
            GrafanaError: they cannot be read.
        """

    @abstractmethod
    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """The resource with the uid of an item, or nothing when there is none.

        Raises:
            GrafanaError: it cannot be read.
        """

    @abstractmethod
    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """The resources in an item in the form of comparisons; more than one only of a rule group.

        Args:
            item: the item.
            titles: the path of titles of a folder.
            environment: what references are resolved with; only for items of the specs.
        """

    @abstractmethod
    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create an item, or replace the one that was read; returns Grafana's version of it, if it has one.

        Raises:
            GrafanaError: it is not as it was read any more, or Grafana refuses it.
        """

    @abstractmethod
    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete what was read; no error when it is deleted already.

        Raises:
            GrafanaError: it is not as it was read any more, or is in use.
        """

    def is_requested(self, request: ReadRequest) -> bool:
        """Whether a request needs any resource of this kind."""
        return bool(request.of(self.name))

    def fitted(self, item: Item, live: LiveItem | None, policy: FormPolicy) -> Item:
        """The item of the specs in the form in which it is compared with what is there, and written."""
        return item

    def lacks(self, grafana: Grafana) -> str:
        """Why a Grafana has nothing of this kind, in a sentence; empty when it has."""
        del grafana
        return ""

    def uses_apis(self, grafana: Grafana) -> bool:
        """Whether a Grafana is read and written over its Kubernetes-style API, where permissions differ."""
        return False

    def in_folder(self, item: Item, folder_uid: str) -> Item:
        """The item in the folder with a uid; those of most kinds are in none."""
        return item

    def label(self, uid: str, title: str) -> str:
        """The kind and the name of a resource, for sentences."""
        name = f"{kind_name(self.name)} `{uid}`"
        return f'{name} "{title}"' if title and title != uid else name

    def link(self, grafana: Grafana, item: Item) -> str:
        """The address of a resource for people; empty when it has no page."""
        return grafana.session.settings.url + self.page.format(uid=item.uid)

    def between(self, item: Item, live: LiveItem | None) -> Iterator[Item]:
        """The states that Grafana passes through while an item is written with more than one request."""
        yield from ()

    def is_surely_same(self, live: Item, item: Item) -> bool:
        """Whether a quick look shows that nothing differs; a long one has to follow when not."""
        return False

    def is_default(self, item: Item) -> bool:
        """Whether a resource is one that Grafana itself put there."""
        return False

    def parts(self, item: Item) -> dict[str, str]:
        """The checksums of the parts that can be merged; none of a kind that is one value."""
        return {}

    def merged(self, base: Parts, ours: Item, theirs: Item) -> Merged | None:
        """What the specs and Grafana made of what was pushed last; nothing of a kind that is one value."""
        return None

    def part_of(self, change: Change, path: JsonPath) -> str:
        """The part that a change is about; the path is that of the detail, empty for a whole resource."""
        return ""

    def members(self, item: Item) -> list[str]:
        """The uids of what an item holds and another may take over: the rules of a group."""
        return []

    def dashboard_uid(self, item: Item) -> str:
        """The dashboard on which an item is written, whose permissions count then; empty for most kinds."""
        return ""

    def queried_sources(self, item: Item) -> tuple[str, ...]:
        """The uids of the data sources that an account has to be allowed to query to write an item."""
        return ()

    def precondition(self, live: LiveItem) -> str:
        """The version that a plan file keeps, to see that nobody saved the resource since.

        Empty without one.
        """
        return ""

    def for_backup(self, content: Mapping[str, Any]) -> Json:
        """A content without what no file may hold; all else stays, as it has to be put back as it was."""
        return mapping(without_users(dict(content)))


def handle_of(live: LiveItem, kind: type[T]) -> T:
    """The client's object of a resource.

    Raises:
        TypeError: the client made it for another kind.
    """
    if not isinstance(live.handle, kind):
        raise TypeError(f"{live.item.kind} `{live.item.uid}` was read as {type(live.handle).__name__}")
    return live.handle
