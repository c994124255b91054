"""What uses the things that a change is about: components, metrics, contact points, data sources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from dashgen.compare import Change, What
from dashgen.compile.project_documents import Documents
from dashgen.formats.resources import CONTACT_POINT, DATA_SOURCE, RECORDING_RULE, SERVER_RULE
from dashgen.project.impact.impact import impact_of, subjects
from dashgen.project.impact.impact_use import ImpactUse
from dashgen.review.review import TouchedThings
from dashgen.review.spec_revisions import SpecRevisions

_IN_DASHBOARDS: Final = frozenset({"dashboard", "row", "panel", "variable", "annotation", "link"})
_SUBJECT_KINDS: Final[Mapping[str, str]] = {
    CONTACT_POINT: "contact_point",
    RECORDING_RULE: "metric",
    SERVER_RULE: "metric",
}
_VERBS: Final = {What.CREATED: "added", What.DELETED: "removed"}


class ChangedSubject(Struct, frozen=True):
    """Something that others use, and what happens to it: `changed`, `added` or `removed`."""

    name: str
    verb: str


def touched_things(revisions: SpecRevisions, changes: Sequence[Change]) -> list[TouchedThings]:
    """What uses each thing that changed, without things that nothing uses.

    Args:
        revisions: both sides.
        changes: the changes of all resources.
    """
    changed = list(dict.fromkeys(_changed_subjects(revisions, changes)))
    result = []
    metrics: dict[str, frozenset[str]] = {}
    for subject in changed:
        side = revisions.before if subject.verb == "removed" else revisions.after
        if side is None:
            continue
        names = metrics.setdefault(subject.verb, frozenset(subjects(side.inspection)))
        if subject.name in names:
            uses = impact_of(side.inspection, subject.name).uses
            if uses:
                result.append(_touched(subject, uses))
    return result


def _changed_subjects(revisions: SpecRevisions, changes: Sequence[Change]) -> Iterator[ChangedSubject]:
    if not revisions.are_alike:
        before = revisions.before.compilation.documents if revisions.before else Documents()
        after = revisions.after.compilation.documents
        yield from _differing("component", _components(before), _components(after))
        yield from _differing("metric", _metrics(before), _metrics(after))
    for change in changes:
        verb = _VERBS.get(change.what, "changed")
        if change.kind in _SUBJECT_KINDS:
            yield ChangedSubject(f"{_SUBJECT_KINDS[change.kind]}:{change.title}", verb)
        elif change.kind == DATA_SOURCE:
            yield from _data_source(change, verb, revisions)


def _data_source(change: Change, verb: str, revisions: SpecRevisions) -> Iterator[ChangedSubject]:
    """The data source by the name that specs call it."""
    side = revisions.before if verb == "removed" else revisions.after
    by_name = side.contract.compiler.context.sources.by_name if side else {}
    name = next((name for name, ref in by_name.items() if ref.uid == change.resource.uid), None)
    if name is not None:
        yield ChangedSubject(f"datasource:{name}", verb)


def _differing(
    kind: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[ChangedSubject]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            verb = "added" if name not in before else "removed" if name not in after else "changed"
            yield ChangedSubject(f"{kind}:{name}", verb)


def _components(documents: Documents) -> dict[str, object]:
    """What a use of each component brings, without where it stands in its file."""
    return {
        name: (one.kind, one.body, one.rule_groups, one.constants, sorted(one.parameters.items()))
        for name, one in documents.components.items()
    }


def _metrics(documents: Documents) -> dict[str, object]:
    """The promises about each metric; its help shows nowhere but in descriptions of panels."""
    return {
        name: msgspec.to_builtins(metric)
        for document in documents.of("Metrics")
        for name, metric in document.model.metrics.items()
    }


def _touched(subject: ChangedSubject, uses: Sequence[ImpactUse]) -> TouchedThings:
    def names(*kinds: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(use.name for use in uses if use.kind in kinds))

    dashboards = tuple(dict.fromkeys(use.parent for use in uses if use.kind in _IN_DASHBOARDS))
    others = {f"{use.kind} {use.name}": None for use in uses if use.kind not in _NAMED}
    return TouchedThings(
        subject.name,
        subject.verb,
        len(names("panel")),
        tuple(uid for uid in dashboards if uid),
        names("alert-rule"),
        names("report"),
        tuple(others),
    )


_NAMED: Final = _IN_DASHBOARDS | {"alert-rule", "report"}
