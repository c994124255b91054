"""Results of a comparison: changes of resources, and the details of each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dashgen.formats.resources import Key, Resource

Step = str | int
Path = tuple[Step, ...]


class What(StrEnum):
    """What happened to a resource; `CHANGED` when more happened than a new title or another folder."""

    CREATED = "created"
    DELETED = "deleted"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"


class Code(str):
    """A part of a sentence that is shown as code, such as a query."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One difference.

    Attributes:
        parts: the sentence for reviewers in pieces, so that code in it can be marked.
        path: the place in the resource's normal form; items of lists stand there by their id or name.
        old: the value before, as far as there is one.
        new: the value after, as far as there is one.
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


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one resource; at least one of ``before`` and ``after`` is there."""

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
            raise ValueError("a change of nothing")
        return resource

    @property
    def kind(self) -> str:
        """The resource's kind."""
        return self.resource.kind

    @property
    def uid(self) -> str:
        """The resource's uid: the one it had, when it has a new one."""
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
