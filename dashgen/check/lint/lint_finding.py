"""What a lint rule yields, and what the user gets of it."""

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.source.edit import Edit
from dashgen.source.provenance import Origin
from dashgen.source.source import Path

if TYPE_CHECKING:
    from dashgen.check.lint.subjects import LintQuery


class Safety(StrEnum):
    """Whether a fix keeps what is shown and evaluated: `--fix` makes safe ones, `--unsafe-fixes` both."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class FileEdit(Struct, frozen=True):
    """An edit of one document of a spec file; ``document`` counts from 0."""

    file: str
    document: int
    edit: Edit


class Fix(Struct, frozen=True):
    """Edits that mend a finding. All of them are made, or none."""

    edits: tuple[FileEdit, ...]
    safety: Safety = Safety.SAFE


class LintProblem(Struct, frozen=True):
    """What a rule yields about its subject.

    Attributes:
        message: lower case without a full stop; it names the thing.
        keys: where it stands below the subject, in the keys of specs, such as ``("legend",)``. What is not
            written in the spec is reported at the nearest part that is.
        hint: an imperative.
        offset: the character of the text at ``keys``; -1 for the whole value.
        is_key: whether the key at ``keys`` is meant, not its value.
        edits: what mends it: edits below the subject, made by the methods of the subject.
        related: another part of the specs that explains it, with a message.
        location: where it is, if that is not below the subject: for rules about several dashboards.
        query: the query that ``keys`` and ``offset`` belong to, where that is one of the subject's own.
    """

    message: str
    keys: Path = ()
    hint: str = ""
    offset: int = -1
    is_key: bool = False
    edits: tuple[FileEdit, ...] = ()
    related: tuple[tuple[str, Origin], ...] = ()
    location: Location | None = None
    query: "LintQuery | None" = None


class LintFinding(Struct, frozen=True):
    """A finding of a lint rule: the diagnostic, and its fix if it has one."""

    diagnostic: Diagnostic
    fix: Fix | None = None

    @property
    def safety(self) -> str | None:
        """``safe`` or ``unsafe`` if there is a fix."""
        return None if self.fix is None else str(self.fix.safety)

    def one_line_down(self) -> "LintFinding":
        """The finding after a line was put above it."""
        location = self.diagnostic.location
        if location is None or location.span is None:
            return self
        span = location.span
        moved = replace(span, line=span.line + 1, end_line=span.end_line + 1)
        return replace(self, diagnostic=replace(self.diagnostic, location=replace(location, span=moved)))
