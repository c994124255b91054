"""Summaries of changes for people: their subjects, their number, and what several panels have in common."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from dashgen.compare.change import Change, Detail, What
from dashgen.formats.resources import POLICIES, Resource, Resources, kind_name

SIGNS = {What.CREATED: "+", What.DELETED: "-", What.CHANGED: "~", What.RENAMED: "~", What.MOVED: "~"}
_COMMON = 3


class ReportedComparison(Struct):
    """The content of a report.

    Attributes:
        before: the name of the one side.
        after: the name of the other side.
        changes: the changes between them.
        warnings: why the comparison may be incomplete.
        notes: other differences, such as files that differ only in their layout.
        root: the folder that the paths of changes are below.
    """

    before: str
    after: str
    changes: list[Change]
    warnings: list[str] = []
    notes: list[str] = []
    root: str = ""


class Block(Struct, frozen=True):
    """The differences of one subject, or those that several have in common.

    Without a subject those of the resource itself.
    """

    subjects: tuple[str, ...]
    details: tuple[Detail, ...]


def blocks(details: Sequence[Detail]) -> list[Block]:
    """Details by subject; what at least three subjects have in common is one block."""
    shared: dict[tuple[str, ...], list[Detail]] = {}
    for detail in details:
        if detail.subject:
            shared.setdefault(detail.parts, []).append(detail)
    common = {
        parts: single
        for parts, single in shared.items()
        if len({sentence.subject for sentence in single}) >= _COMMON
    }
    own: dict[str, list[Detail]] = {}
    for detail in details:
        if not (detail.subject and detail.parts in common):
            own.setdefault(detail.subject, []).append(detail)
    single = [Block((subject,) if subject else (), tuple(listed)) for subject, listed in own.items()]
    together = [
        Block(tuple(dict.fromkeys(d.subject for d in alike)), (alike[0],)) for alike in common.values()
    ]
    return [*single, *together]


def several_subjects(subjects: Sequence[str]) -> str:
    """Several subjects in a few words: ``6 panels ("A", "B", … and 3 more)``."""
    kinds = Counter(subject.split(" ")[0] for subject in subjects)
    counted = ", ".join(f"{n} {word}{'s' * (n > 1)}" for word, n in kinds.items())
    names = [subject.split(" ", 1)[-1] for subject in subjects]
    more = f" and {len(names) - _COMMON} more" if len(names) > _COMMON else ""
    return f"{counted} ({', '.join(names[:_COMMON])}{more})"


def name_of(change: Change) -> str:
    """A resource in a sentence, such as ``alert rule "Slow" (slow-responses)``."""
    resource = change.resource
    kind = kind_name(resource.kind)
    if resource.kind == POLICIES:
        return kind
    title = f'{kind} "{resource.title}"'
    return title if resource.uid in (resource.title, "") else f"{title} ({resource.uid})"


def count(changes: Iterable[Change]) -> dict[str, int]:
    """How many resources were created, deleted, and so on; all of them, also at 0."""
    counted = Counter(change.what for change in changes)
    return {str(what): counted[what] for what in What}


def totals(changes: Sequence[Change]) -> str:
    """How many resources changed in which way, as ``2 changed, 1 created``."""
    counted = count(changes)
    order = (What.CHANGED, What.RENAMED, What.MOVED, What.CREATED, What.DELETED)
    return ", ".join(f"{counted[what]} {what}" for what in order if counted[what]) or "no differences"


def extent(change: Change) -> str:
    """How much of a resource changed, as ``5 differences in 2 panels``."""
    if change.what in (What.CREATED, What.DELETED):
        return "; ".join(detail.sentence for detail in change.details)
    panels = len({detail.subject for detail in change.details if detail.subject.startswith("panel ")})
    many = len(change.details)
    sentence = f"{many} difference{'s' * (many != 1)}"
    return f"{sentence} in {panels} panel{'s' * (panels != 1)}" if panels else sentence


def warnings_of(*sides: Resources) -> list[str]:
    """Why the comparison of some resources may be incomplete."""
    return [_warning(resource) for side in sides for resource in side if resource.warning]


def _warning(resource: Resource) -> str:
    where = f" in {resource.path}" if resource.path else ""
    return f'{kind_name(resource.kind)} "{resource.title}"{where}: {resource.warning}'
