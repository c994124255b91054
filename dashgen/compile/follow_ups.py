"""Findings that only follow from others: what a spec refers to may stand in a document that could not be read."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import at, mapping
from dashgen.source.provenance import Origin

_NEEDS = {
    "datasource/missing": "DataSources", "datasource/unknown": "DataSources", "datasource/type": "DataSources",
    "alert/datasource": "DataSources", "component/unknown": "Components", "query/metric": "Metrics",
    "alert/panel": "Dashboard", "dashboard/link": "Dashboard", "folder/unknown": "Folder", "alert/folder": "Folder",
    "alert/contact-point": "Notifications", "alert/mute-timing": "Notifications",
}  # fmt: skip
_OF_MISSING = frozenset(
    (
        "alert/condition", "alert/kind", "alert/query", "alert/ref", "annotation/empty", "datasource/missing",
        "datasource/name", "datasource/type", "link/target", "notification/interval", "notification/name",
        "notification/receiver", "panel/override", "query/empty", "query/missing", "query/ref", "spec/missing-key",
        "variable/default",
    )
)  # fmt: skip
"""Rules of what is missing: a value that is wrong is left out, and is not missing."""
_OF_VARIABLES = frozenset(("query/variable", "link/variable", "variable/unknown", "datasource/unknown"))


def without_consequences(findings: Sequence[Diagnostic], broken: Sequence[Origin]) -> list[Diagnostic]:
    """The findings without those that only follow from values that were left out because they are wrong.

    Args:
        findings: the findings.
        broken: the values that were left out.
    """
    if not broken or not findings:
        return list(findings)
    variables = any("variables" in origin.path for one in broken for origin in _ways(one))
    around: set[Location] = set()
    if any(one.rule in _OF_MISSING for one in findings):
        # Every place around ten thousand wrong values takes as long as compiling them.
        around.update(location for one in broken for origin in _ways(one) for location in _around(origin))
    return [
        one
        for one in findings
        if not (variables and one.rule in _OF_VARIABLES)
        and not (one.rule in _OF_MISSING and one.location in around)
    ]


def _ways(origin: Origin) -> Iterable[Origin]:
    """A value's origin, and the uses of components that it came through."""
    way: Origin | None = origin
    while way is not None:
        yield way
        way = way.via


def _around(origin: Origin) -> Iterator[Location]:
    """The mapping that a value was left out of, and what else stands directly in it."""
    document, above = origin.document, origin.path[:-1]
    yield document.location(above)
    for key in mapping(at(document.data, above)):
        yield document.location((*above, key))
        yield document.location((*above, key), key=True)


def without_follow_ups(findings: Iterable[Diagnostic], unread: Collection[str]) -> list[Diagnostic]:
    """The findings without those that may be wrong because documents of the ``unread`` kinds are missing."""
    return [one for one in findings if _NEEDS.get(one.rule) not in unread]
