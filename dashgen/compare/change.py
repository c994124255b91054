"""Results of a comparison: changes of resources, and the details of each."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from dashgen.formats.resources import Key, Resource

Step = str | int
Path = tuple[Step, ...]


class What(StrEnum):
    """The kind of a change; `CHANGED` when more differs than the title or the folder."""

    CREATED = "created"
    DELETED = "deleted"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"


class Code(str):
    """A part of a sentence that is code, such as a query: Markdown shows it between backticks."""

    __slots__ = ()


class Detail(Struct, frozen=True):
    """One difference.

    Attributes:
        parts: the sentence for reviewers in pieces, so that code in it can be marked.
        path: the path in the resource's normal form; items of lists are named by their id or name.
        old: the value before, or nothing when there was none.
        new: the value after, or nothing when there is none.
        subject: the part of the resource that the sentence is about, such as ``panel "Orders"``.
    """

    parts: tuple[str, ...]
    path: Path
    old: Any = None
    new: Any = None
    subject: str = ""

    @property
    def sentence(self) -> str:
        """The sentence as text, with code between backticks."""
        return "".join(f"`{part}`" if isinstance(part, Code) else part for part in self.parts)


class Change(Struct, frozen=True):
    """The change of one resource; at least one of ``before`` and ``after`` is set."""

    what: What
    before: Resource | None
    after: Resource | None
    details: tuple[Detail, ...] = ()

    @property
    def resource(self) -> Resource:
        """The resource as it is after the change, or as it was when it was deleted.

        Raises:
            ValueError: there is neither.
        """
        resource = self.after or self.before
        if resource is None:
            raise ValueError("a change needs a resource before or after")
        return resource

    @property
    def kind(self) -> str:
        """The resource's kind."""
        return self.resource.kind

    @property
    def uid(self) -> str:
        """The resource's uid; the old one when it has changed."""
        return (self.before or self.resource).uid

    @property
    def title(self) -> str:
        """The resource's title."""
        return self.resource.title

    @property
    def key(self) -> Key:
        """The kind and uid that identify the resource."""
        return self.kind, self.uid

    @property
    def path(self) -> str:
        """The file that the resource is in."""
        return self.resource.path

    @property
    def spec(self) -> str:
        """The file of specs that the resource is made from, or nothing when it is not known."""
        return self.resource.spec or (self.before.spec if self.before else "")
