"""Where each value of a resolved document was written.

Resolving moves values: a component's body lands at its use, `for_each` makes copies, defaults are merged in.
A `Provenance` remembers for each such place where it came from; everything else stands where it stood.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity, Span
from dashgen.source.as_written import plain_text
from dashgen.source.escape_marks import MARK
from dashgen.source.load import Document
from dashgen.source.offsets import offset_span
from dashgen.source.source import Path

if TYPE_CHECKING:
    from dashgen.source.variable_origins import BoundText


class Binding(Struct, frozen=True):
    """Where the value of a variable of expressions was written.

    Attributes:
        origin: of the value.
        title: what findings call it, such as ``the argument `errors` of `std/slo```.
        is_entry: whether a loop over a mapping made the variable: its `key` is the key at the origin, and its
            `value` the value.
    """

    origin: "Origin"
    title: str
    is_entry: bool = False


class Bindings(Struct, frozen=True, eq=False):
    """The variables that expressions see, and where the values were written of those that specs define."""

    values: Mapping[str, Any] = {}
    origins: Mapping[str, Binding] = {}

    def bound(self, values: Mapping[str, Any], origins: Mapping[str, Binding]) -> "Bindings":
        """These variables and others, which hide those of the same names."""
        return Bindings({**self.values, **values}, {**self.origins, **origins})


_NO_BINDINGS = Bindings()


class Origin(Struct, frozen=True):
    """A value as written.

    Attributes:
        document: the document that it stands in.
        path: its path there.
        via: the use of a component that brought it here.
        bindings: what its expressions see.
    """

    document: Document
    path: Path
    via: "Origin | None" = None
    bindings: Bindings = _NO_BINDINGS

    def child(self, step: str | int) -> "Origin":
        """The origin of a value inside this one."""
        return Origin(self.document, (*self.path, step), self.via, self.bindings)

    def below(self, path: Path) -> "Origin":
        """The origin of a value further inside this one, whether anything is there or not."""
        return Origin(self.document, (*self.path, *path), self.via, self.bindings)

    def within(self, bindings: Bindings) -> "Origin":
        """This origin, whose expressions see these variables."""
        return Origin(self.document, self.path, self.via, bindings)

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
        """The location of a character of the text ``value``, written here or made by expressions."""
        return self.fault(offset, value).location

    def written_character(self, offset: int, value: str) -> Location:
        """The place of one character of the text ``value``, which stands here as it is."""
        source = self.document.source
        node = source.node(self.document.index, self.path)
        if node is None or offset < 0 or self.own is not self:
            return self.location()
        return Location(source.file, offset_span(node, source.text, offset, value))

    def fault(self, offset: int = -1, value: str = "") -> "FaultLocation":
        """Where a finding about the value here points: at the argument or variable that brought it, if any.

        Args:
            offset: the character that is wrong; -1 when it is the value as a whole.
            value: the text, as expressions gave it.
        """
        if MARK not in self.document.source.text:
            return FaultLocation(self.written_character(offset, value), self.related())
        from dashgen.source.variable_origins import fault_location  # imports Jinja2

        return fault_location(self, offset, value)

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


class FaultLocation(Struct, frozen=True):
    """Where a finding points.

    Attributes:
        location: of what is wrong.
        related: the texts and uses through which it came to where it is wrong.
        brought_by: the title of the variable whose value it is; empty when it is no variable's.
    """

    location: Location
    related: tuple[Related, ...] = ()
    brought_by: str = ""

    def about(self, diagnostic: Diagnostic) -> Diagnostic:
        """A finding that points there, and begins with the variable."""
        message = f"{self.brought_by}: {diagnostic.message}" if self.brought_by else diagnostic.message
        related = (*self.related, *diagnostic.related)
        return replace(
            diagnostic, message=message, location=self.location, related=related, brought_by=self.brought_by
        )


class Resolved(Struct):
    """A document with components, loops, expressions, environments and defaults applied.

    ``broken`` are the values that are missing in the data because something is wrong with them,
    ``rule_groups`` the groups of rules that the components in it bring along, each a document of its own, and
    ``bindings`` what expressions see in those parts of the document that did not move. ``is_completed`` is
    whether the project's defaults, the environment's prefix and what scalers draw are in a dashboard already.
    """

    document: Document
    data: Any
    origins: dict[Path, Origin] = {}
    broken: list[Origin] = []
    rule_groups: list["Resolved"] = []
    bindings: Bindings = _NO_BINDINGS
    is_completed: bool = False

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
                    return origin.below(path[length:])
        return Origin(self.document, path, None, self.bindings)

    def origins_below(self, path: Path, target: Path) -> dict[Path, Origin]:
        """The origins of the part at ``path``, for a document in which it is at ``target``."""
        depth = len(path)
        inside = {
            (*target, *moved[depth:]): origin
            for moved, origin in self.origins.items()
            if moved[:depth] == path
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
        if key:
            return Diagnostic(rule, message, origin.location(key=True), hint, severity, origin.related())
        return origin.fault().about(Diagnostic(rule, message, hint=hint, severity=severity))


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
        fault_location = self.resolved.origin((*self.path, *path)).fault(fault.offset, text)
        finding = Diagnostic(rule, fault.message, hint=fault.hint, severity=severity)
        self.diagnostics.append(fault_location.about(finding))

    def bound_texts(self, text: str) -> "list[BoundText]":
        """The texts that variables brought into ``text``, which stands at the reporter's path."""
        origin = self.resolved.origin(self.path)
        if MARK not in origin.document.source.text:
            return []
        from dashgen.source.variable_origins import bound_texts  # imports Jinja2

        return bound_texts(origin, text)


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

    def about(self, finding: Diagnostic) -> Diagnostic:
        """A finding about the part, with what it comes through, at the variable that brought it, if any."""
        origin = self.resolved.origin(self.path)
        if finding.location == origin.location():
            return origin.fault().about(finding)
        return replace(finding, related=(*finding.related, *origin.related()))

    def extent(self) -> tuple[str, Span | None]:
        """The file, and all lines that the part covers; of a collection, `location` has the first only."""
        origin = self.resolved.origin(self.path)
        return origin.document.file, origin.document.source.extent(origin.document.index, origin.path)
