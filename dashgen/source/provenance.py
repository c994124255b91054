"""Where each value of a resolved document was written.

Resolving moves values: a component's body lands at its use, `for_each` makes copies, defaults are merged in.
A `Provenance` remembers for each such place where it came from; everything else stands where it stood.
"""

from typing import Any, Protocol

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity, Span
from dashgen.source.as_written import plain_text
from dashgen.source.load import Document
from dashgen.source.offsets import offset_span
from dashgen.source.source import Path


class Origin(Struct, frozen=True):
    """A value as written: its document and path there, and the use of a component that brought it here."""

    document: Document
    path: Path
    via: "Origin | None" = None

    def child(self, step: str | int) -> "Origin":
        """The origin of a value inside this one."""
        return Origin(self.document, (*self.path, step), self.via)

    @property
    def own(self) -> "Origin":
        """What somebody can edit: this, or of a value in a shipped component the use that brought it."""
        origin = self
        while origin.document.shipped and origin.via is not None:
            origin = origin.via
        return origin

    def location(self, *, key: bool = False) -> Location:
        """The place of the value, or of its key; of a shipped one that of its use."""
        own = self.own
        return own.document.location(own.path, key=key and own is self)

    def character(self, offset: int, value: str) -> Location:
        """The place of one character of the text ``value`` that stands here."""
        if self.own is not self:
            return self.location()
        source = self.document.source
        node = source.node(self.document.index, self.path)
        if node is None or offset < 0:
            return self.location()
        return Location(source.file, offset_span(node, source.text, offset, value))

    def written(self) -> str:
        """The number or switch that stands here as it was written; empty when something else stands here."""
        return plain_text(self.document.source.node(self.document.index, self.path))

    def related(self) -> tuple[Related, ...]:
        """The lines that used the components this value comes through, innermost first.

        For a value of a shipped component, first its line there.
        """
        own, notes = self.own, []
        if own is not self:
            span = self.document.location(self.path).span
            component = self.path[1] if len(self.path) > 1 else self.document.file
            line = f"line {span.line} of " if span else ""
            notes.append(Related(f"from {line}the component `{component}`", own.location()))
        # A component may be used in another one: each use is in a place with an origin of its own.
        origin = own.via
        while origin is not None:
            notes.append(Related("used here", origin.location()))
            origin = origin.via
        return tuple(notes)


class Resolved(Struct):
    """A document with components, loops, expressions, environments and defaults applied.

    ``broken`` are the values that are missing in the data because something is wrong with them, and
    ``rule_groups`` the groups of rules that the components in it bring along, each a document of its own.
    """

    document: Document
    data: Any
    origins: dict[Path, Origin] = {}
    broken: list[Origin] = []
    rule_groups: list["Resolved"] = []

    @property
    def file(self) -> str:
        """The file's name as it is shown to the user."""
        return self.document.file

    def origin(self, path: Path = ()) -> Origin:
        """Where the value at ``path`` of the resolved data was written."""
        # Only what moved has an entry; what is below it moved along, and everything else is where it was
        # written.
        if self.origins:
            for length in range(len(path), -1, -1):
                origin = self.origins.get(path[:length])
                if origin is not None:
                    return Origin(origin.document, (*origin.path, *path[length:]), origin.via)
        return Origin(self.document, path)

    def origins_below(self, path: Path, target: Path) -> dict[Path, Origin]:
        """The origins of the part at ``path``, for a document in which it is at ``target``."""
        depth = len(path)
        inside = {
            (*target, *place[depth:]): origin
            for place, origin in self.origins.items()
            if place[:depth] == path
        }
        return {target: self.origin(path), **inside}

    def diagnostic(
        self,
        rule: str,
        message: str,
        path: Path = (),
        hint: str = "",
        *,
        key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Diagnostic:
        """A finding about the value (or key) at ``path``, with the uses of the component it comes from."""
        origin = self.origin(path)
        return Diagnostic(rule, message, origin.location(key=key), hint, severity, origin.related())


class TextualFault(Protocol):
    """What is wrong at one character of a text, as the parsers of queries and templates give it."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def hint(self) -> str:
        """What to do about it."""

    @property
    def offset(self) -> int:
        """The character of the text; -1 when it is not known."""


class Reporter(Struct, frozen=True):
    """Collects what is wrong with one document, for functions that also make something of it.

    Attributes:
        resolved: the document.
        path: the part of the document that the paths of findings start at.
        diagnostics: the findings; the reporters for all parts of the document share them.
    """

    resolved: Resolved
    path: Path = ()
    diagnostics: list[Diagnostic] = []

    def at(self, path: Path) -> "Reporter":
        """A reporter whose paths start at ``path`` of the document."""
        return Reporter(self.resolved, path, self.diagnostics)

    def error(self, rule: str, message: str, path: Path = (), hint: str = "", *, key: bool = False) -> None:
        """Report what keeps the document from being built; with ``key`` the key at the path is meant."""
        self.diagnostics.append(self.resolved.diagnostic(rule, message, (*self.path, *path), hint, key=key))

    def warn(self, rule: str, message: str, path: Path = (), hint: str = "", *, key: bool = False) -> None:
        """Report what can be built and is unlikely to be meant."""
        whole, severity = (*self.path, *path), Severity.WARNING
        finding = self.resolved.diagnostic(rule, message, whole, hint, key=key, severity=severity)
        self.diagnostics.append(finding)

    def note(self, rule: str, message: str, path: Path = (), hint: str = "") -> None:
        """Report what may be of interest, and is fine."""
        whole = (*self.path, *path)
        finding = self.resolved.diagnostic(rule, message, whole, hint, severity=Severity.INFO)
        self.diagnostics.append(finding)

    def fault(
        self, rule: str, fault: TextualFault, path: Path, text: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Report a fault at its character of ``text``, which stands at ``path``."""
        origin = self.resolved.origin((*self.path, *path))
        location = origin.character(fault.offset, text)
        self.diagnostics.append(
            Diagnostic(rule, fault.message, location, fault.hint, severity, origin.related())
        )


class SpecPart(Struct, frozen=True):
    """A part of a resolved document, remembered by what was made from it."""

    resolved: Resolved
    path: Path = ()

    @property
    def value(self) -> Any:
        """The data of the part; None when there is none at the path."""
        data = self.resolved.data
        for step in self.path:
            try:
                data = data[step]
            except (KeyError, IndexError, TypeError):
                return None
        return data

    def location(self, *, key: bool = False) -> Location:
        """Where the part, or its key, was written."""
        return self.resolved.origin(self.path).location(key=key)

    def related(self) -> tuple[Related, ...]:
        """The lines that used the components the part comes through."""
        return self.resolved.origin(self.path).related()

    def extent(self) -> tuple[str, Span | None]:
        """The file, and all lines that the part covers; of a collection, `location` has the first only."""
        origin = self.resolved.origin(self.path)
        return origin.document.file, origin.document.source.extent(origin.document.index, origin.path)
