"""One thing that a push writes with one request, as the specs define it or as a Grafana has it."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.formats.resources import Key
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.servers.grafana.data_sources_api import LiveDataSource
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.live_dashboard import LiveDashboard
from dashgen.servers.grafana.managers import FILES, Manager

TAG: Final = "dashgen"
"""The tag of the dashboards and events that dashgen wrote."""
Handle: TypeAlias = LiveFolder | LiveDataSource | LiveDashboard | RuleGroup | LiveAnnotation | Json


class Item(Struct, frozen=True):
    """One resource as Grafana's API takes it.

    Attributes:
        kind: the name of its kind.
        uid: what it is known by; a name for mute timings and templates, folder and title for rule groups.
        title: what people call it.
        content: the body of a request; texts of data sources, contact points and policies may refer to the
            environment.
        folder_uid: the folder that it is in, or the parent of a folder; empty at the root.
        folder: the titles of that folder from the top down.
        spec: the file of specs that it is made from.
        source: the hash of the text of the content, where it is made from one file.
        form: of a dashboard, the form that it is stored in: ``classic`` or ``v2``; the content is classic
            JSON either way.
    """

    kind: str
    uid: str
    title: str
    content: Mapping[str, Any]
    folder_uid: str = ""
    folder: tuple[str, ...] = ()
    spec: str = ""
    source: str = ""
    form: str = ""

    @property
    def key(self) -> Key:
        """The kind and the uid, which no two resources share."""
        return self.kind, self.uid


class LiveItem(Struct, frozen=True):
    """One resource of a Grafana.

    Attributes:
        item: its content.
        handle: the client's object, which is the precondition of the next write.
        owner: who else manages it; nothing when it may be written.
        stamp: the checksum that dashgen left at its last push, where Grafana keeps it.
        tagged: whether its tags name dashgen as its maker.
        version: what grows with every change, where Grafana has such a thing.
        noted: the checksums of what was pushed lately, where Grafana keeps them beside it.
        intended: those of what was about to be pushed when nothing more was heard of it.
        environment: the environment that dashgen pushed it for, as Grafana keeps it; empty when there is
            none.
        as_wanted: whether it equalled the specs when it was read, so that its content was not kept.
        parts: the checksums of the parts of what was pushed last, where Grafana keeps them beside it.
    """

    item: Item
    handle: Handle
    owner: Manager | None = None
    stamp: str = ""
    tagged: bool = False
    version: str = ""
    noted: frozenset[str] = frozenset()
    intended: frozenset[str] = frozenset()
    environment: str = ""
    as_wanted: bool = False
    parts: Mapping[str, str] = {}

    @property
    def key(self) -> Key:
        """The kind and the uid, which no two resources share."""
        return self.item.key

    @property
    def is_provisioned(self) -> bool:
        """Whether Grafana has it from a file."""
        return self.owner is not None and self.owner.kind == FILES
