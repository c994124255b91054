"""A comparison for programs: a versioned JSON document."""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.compare.change import Change, Detail
from dashgen.compare.render.render_summary import ReportedComparison, count
from dashgen.core.reporters.json_report import OutputDocument, document_text


class ChangeCounts(Struct, frozen=True):
    """How many resources changed in which way."""

    created: Annotated[int, Meta(description="Those that are new.")]
    deleted: Annotated[int, Meta(description="Those that are gone.")]
    changed: Annotated[int, Meta(description="Those in which anything else differs.")]
    renamed: Annotated[int, Meta(description="Those in which nothing but the title differs.")]
    moved: Annotated[int, Meta(description="Those in which nothing but folder and title differ.")]


class ReportedDetail(Struct, frozen=True):
    """One difference."""

    subject: Annotated[
        str,
        Meta(
            description='The part of the resource, such as `panel "Orders"`; empty for the resource itself.'
        ),
    ]
    sentence: Annotated[str, Meta(description="The difference, with code between backticks.")]
    path: Annotated[list[str | int], Meta(description="Its path: keys, and ids or names of list items.")]
    old: Annotated[Any, Meta(description="The value before, or null; secrets are `[REDACTED]`.")]
    new: Annotated[Any, Meta(description="The value after, or null.")]


class ReportedChange(Struct, frozen=True, kw_only=True):
    """A resource that differs."""

    kind: Annotated[
        str,
        Meta(
            description="`dashboard`, `folder`, `datasource`, `alert-rule`, `recording-rule`, `rule-group`, "
            "`contact-point`, `policies`, `mute-timing`, `inhibition-rule`, `template`, `alertmanager`, "
            "`provider`, or `server-rule` for rules of Prometheus and Loki."
        ),
    ]
    uid: Annotated[
        str,
        Meta(description="Its uid, or its name where Grafana knows it by name; the old one if it changed."),
    ]
    title: Annotated[str, Meta(description="Its title.")]
    folder: Annotated[
        str, Meta(description="The titles of its folders, with `/` between them; empty at the root.")
    ]
    what: Annotated[
        str,
        Meta(
            description="`created`, `deleted`, `changed`, `renamed` (nothing but the title) or `moved` "
            "(nothing but folder and title)."
        ),
    ]
    path: Annotated[str, Meta(description="Its file, below the folder that was compared.")]
    spec: Annotated[str, Meta(description="The spec that it is built from; empty if unknown.")]
    details: Annotated[
        list[ReportedDetail] | UnsetType,
        Meta(description="The differences; of something created or deleted, its size. Not with `--stat`."),
    ] = UNSET


class DiffDocument(OutputDocument, frozen=True, kw_only=True):
    """What differs between two sides."""

    before: Annotated[str, Meta(description="The one side: `generated`, the ref, or a path.")]
    after: Annotated[str, Meta(description="The other side: `specs`, or a path.")]
    summary: Annotated[ChangeCounts, Meta(description="How many resources changed in which way.")]
    changes: Annotated[list[ReportedChange], Meta(description="The resources, by kind and title.")]
    warnings: Annotated[list[str], Meta(description="Why the comparison may be incomplete.")]
    notes: Annotated[
        list[str], Meta(description="Other differences, such as files that differ only in their layout.")
    ]


class DiffsDocument(OutputDocument, frozen=True, kw_only=True):
    """What differs in several Grafanas."""

    comparisons: Annotated[list[DiffDocument], Meta(description="One for each, in their order.")]


def render_json(comparison: ReportedComparison, *, with_details: bool = True) -> str:
    """A `DiffDocument`; ``details`` may be left out."""
    return document_text(diff_document(comparison, with_details=with_details))


def diffs_document(
    comparisons: Sequence[ReportedComparison], *, with_details: bool = True
) -> DiffDocument | DiffsDocument:
    """One comparison, or several, as a document."""
    documents = [diff_document(comparison, with_details=with_details) for comparison in comparisons]
    return documents[0] if len(documents) == 1 else DiffsDocument(comparisons=documents)


def diff_document(comparison: ReportedComparison, *, with_details: bool = True) -> DiffDocument:
    """A comparison as a document."""
    return DiffDocument(
        before=comparison.before,
        after=comparison.after,
        summary=ChangeCounts(**count(comparison.changes)),
        changes=[reported_change(change, with_details=with_details) for change in comparison.changes],
        warnings=comparison.warnings,
        notes=comparison.notes,
    )


def reported_change(change: Change, *, with_details: bool = True) -> ReportedChange:
    """A change as a part of a document."""
    return ReportedChange(
        kind=change.kind,
        uid=change.uid,
        title=change.resource.title,
        folder=change.resource.folder,
        what=str(change.what),
        path=change.path,
        spec=change.spec,
        details=[_detail(detail) for detail in change.details] if with_details else UNSET,
    )


def _detail(detail: Detail) -> ReportedDetail:
    return ReportedDetail(detail.subject, detail.sentence, list(detail.path), detail.old, detail.new)
