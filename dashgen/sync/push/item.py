"""One thing that a push writes with one request, whether it is wanted or already there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashgen.formats import resources as kinds
from dashgen.formats.resources import KINDS, Key

ORDER: Final = (
    kinds.FOLDER,
    kinds.DATA_SOURCE,
    kinds.DASHBOARD,
    kinds.CONTACT_POINT,
    kinds.MUTE_TIMING,
    kinds.TEMPLATE,
    kinds.POLICIES,
    kinds.RULE_GROUP,
    kinds.EVENT,
)
"""The kinds in the order in which they are made: each may refer to those before it."""

POLICIES_UID: Final = "policies"


@dataclass(frozen=True, slots=True)
class Item:
    """One resource as Grafana's API takes it.

    Attributes:
        kind: one of `ORDER`.
        uid: what it is known by; a name for mute timings and templates, folder and title for rule groups.
        title: what people call it.
        content: the body of a request; texts of data sources, contact points and policies may refer to the environment.
        folder_uid: the folder that it is in, or the parent of a folder; empty at the root.
        folder: the titles of that folder from the top down.
        spec: the file of specs that it is made from.
        source: the hash of the text of the content, where it is made from one file.
    """

    kind: str
    uid: str
    title: str
    content: Mapping[str, Any] = field(repr=False)
    folder_uid: str = ""
    folder: tuple[str, ...] = ()
    spec: str = ""
    source: str = ""

    @property
    def key(self) -> Key:
        """What it is told apart by."""
        return self.kind, self.uid

    @property
    def words(self) -> str:
        """The kind and the name for people."""
        return words_for(self.kind, self.uid, self.title)


def words_for(kind: str, uid: str, title: str) -> str:
    """What a resource is called in a sentence."""
    word = KINDS[kind]
    if kind == kinds.POLICIES:
        return "the notification policies"
    name = title if kind == kinds.RULE_GROUP else uid
    shown = f"{word} `{name}`"
    return f'{shown} "{title}"' if title and title != name else shown


def group_uid(folder_uid: str, title: str) -> str:
    """What a rule group is known by."""
    return f"{folder_uid}/{title}"
