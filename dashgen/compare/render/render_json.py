"""A comparison for programs: a versioned JSON document."""

from typing import Final

from dashgen.compare.change import Change, Detail
from dashgen.compare.render.render_summary import ReportedComparison, count
from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.json_values import Json

VERSION: Final = 1
CONTRACT: Final[dict[str, str]] = {
    "version": "of this contract; it grows when a field changes its meaning or goes away",
    "before": "the one side: `generated`, the ref, or a path",
    "after": "the other side: `specs`, or a path",
    "summary": "how many resources were `created`, `deleted`, `changed`, `renamed` and `moved`",
    "changes": "the resources that differ, by kind and title",
    "changes[].kind": "`dashboard`, `folder`, `datasource`, `alert-rule`, `recording-rule`, `rule-group`, "
    "`contact-point`, `policies`, `mute-timing`, `template`, `provider`, or `server-rule` for rules of "
    "Prometheus and Loki",
    "changes[].uid": "the resource's uid, or its name where Grafana knows it by name; the old one if it "
    "changed",
    "changes[].title": "the resource's title",
    "changes[].folder": "the titles of its folders, with `/` between them; empty at the root",
    "changes[].what": "`created`, `deleted`, `changed`, `renamed` (nothing but the title) or "
    "`moved` (nothing but folder and title)",
    "changes[].path": "its file, below the folder that was compared",
    "changes[].spec": "the spec that it is built from; empty when that is unknown",
    "changes[].details": "the differences; of something created or deleted, its size",
    "changes[].details[].subject": 'the part of the resource, such as `panel "Orders"`; empty for the '
    "resource itself",
    "changes[].details[].sentence": "the difference as a sentence, with code between backticks",
    "changes[].details[].path": "the path: keys, and ids or names of list items",
    "changes[].details[].old": "the value before, or null; secrets are `[REDACTED]`",
    "changes[].details[].new": "the value after, or null",
    "warnings": "why the comparison may be incomplete",
    "notes": "other differences, such as files that differ only in their layout",
}
"""What each field of the document means, in their order."""


def render_json(comparison: ReportedComparison, *, with_details: bool = True) -> str:
    """The document that `CONTRACT` describes; without details, ``details`` are left out."""
    document = {
        "version": VERSION,
        "before": comparison.before,
        "after": comparison.after,
        "summary": count(comparison.changes),
        "changes": [as_json(change, with_details=with_details) for change in comparison.changes],
        "warnings": comparison.warnings,
        "notes": comparison.notes,
    }
    return json_text(document)


def as_json(change: Change, *, with_details: bool = True) -> Json:
    """One change as plain data."""
    resource = change.resource
    change_json: Json = {
        "kind": change.kind,
        "uid": change.uid,
        "title": resource.title,
        "folder": resource.folder,
        "what": str(change.what),
        "path": change.path,
        "spec": change.spec,
    }
    return change_json | ({"details": [_detail(detail) for detail in change.details]} if with_details else {})


def _detail(detail: Detail) -> Json:
    return {
        "subject": detail.subject,
        "sentence": detail.sentence,
        "path": list(detail.path),
        "old": detail.old,
        "new": detail.new,
    }
