"""Findings that only follow from others: what a spec refers to may be in a part that could not be read."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import at, mapping, walk
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.provenance import Origin, Resolved

_NEEDS = {
    "datasource/missing": "DataSources", "datasource/unknown": "DataSources",
    "datasource/type": "DataSources", "alert/datasource": "DataSources", "component/unknown": "Components",
    "query/metric": "Metrics", "alert/panel": "Dashboard", "dashboard/link": "Dashboard",
    "folder/unknown": "Folder", "alert/folder": "Folder", "alert/contact-point": "Notifications",
    "alert/mute-timing": "Notifications", "scaler/panel": "Dashboard", "scaler/record": "AlertRules",
    "scaler/server": "DataSources", "report/datasource": "DataSources", "report/panel": "Dashboard",
    "report/recipients": "Notifications", "notification/inhibition-unmatched": "AlertRules",
}  # fmt: skip
"""The rules about a name that no spec defines, and the kind of document that would define it."""
_OF_NO_NAME = frozenset(("datasource/missing", "datasource/type", "alert/folder"))
"""Those of them that are about an absent name, or about what a name stands for."""
_QUOTED = lazy_pattern("`([^`]+)`")
_OF_MISSING = frozenset(
    (
        "alert/condition", "alert/kind", "alert/query", "alert/ref", "annotation/empty",
        "contact/no-receivers", "datasource/missing", "datasource/name", "datasource/type", "link/target",
        "notification/interval", "notification/name", "notification/receiver", "panel/override",
        "query/empty", "query/missing", "query/ref", "report/empty", "report/recipients", "report/value",
        "scaler/query", "scaler/policy", "scaler/auth", "spec/missing-key", "variable/default",
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
    any_variable, variables = False, set[str]()
    if any(one.rule in _OF_VARIABLES for one in findings):
        any_variable, variables = _possible_variables(broken)
    around: set[Location] = set()
    if any(one.rule in _OF_MISSING for one in findings):
        # Every place around ten thousand wrong values takes as long as compiling them.
        around.update(location for one in broken for origin in _ways(one) for location in _around(origin))
        # What is left out is not looked at again: a finding about it is the cause.
        around.difference_update(one.location() for one in broken)

    def follows(finding: Diagnostic) -> bool:
        if finding.rule in _OF_MISSING and not around.isdisjoint(finding.locations()):
            return True
        if finding.rule not in _OF_VARIABLES:
            return False
        return any_variable or not variables.isdisjoint(_QUOTED.findall(finding.own_message))

    return [one for one in findings if not follows(one)]


def _possible_variables(broken: Sequence[Origin]) -> tuple[bool, set[str]]:
    """Whether a left-out value hides a variable's name; the possible names of those with other mistakes."""
    names: set[str] = set()
    for origin in broken:
        for way in _ways(origin):
            if "variables" not in way.path:
                continue
            start = way.path.index("variables")
            inside = way.path[start + 2 :]
            if not inside or inside[0] == "name":
                return True, set()
            names |= _texts(at(way.document.data, way.path[: start + 2]))
    return False, {form for name in names for form in (name, f"${name}", f"${{{name}}}")}


def _ways(origin: Origin) -> Iterable[Origin]:
    """A value's origin, and the uses of components that it came through."""
    way: Origin | None = origin
    while way is not None:
        yield way
        way = way.via


def _around(origin: Origin) -> Iterator[Location]:
    """The mapping that a value was left out of, and what else stands directly in it."""
    if origin.own is not origin:
        # Everything about a shipped component is shown at its use.
        yield origin.location()
    document, above = origin.document, origin.path[:-1]
    yield document.location(above)
    for key in mapping(at(document.data, above)):
        yield document.location((*above, key))
        yield document.location((*above, key), key=True)


def without_follow_ups(
    findings: Iterable[Diagnostic],
    unread: Collection[str],
    read_in_part: Sequence[Resolved] = (),
    partial_dashboards: Collection[str] = (),
) -> list[Diagnostic]:
    """The findings without those that may be wrong because a part of a spec could not be read.

    Args:
        findings: the findings.
        unread: the kinds of which a document is missing, so that nothing is known of what it defines.
        read_in_part: the documents of which a part was left out; they may define every name in them.
        partial_dashboards: the uids of dashboards that may have more panels than are known.
    """
    names_in_part = cache(lambda kind: _names([one for one in read_in_part if one.data.get("kind") == kind]))

    def follows(finding: Diagnostic) -> bool:
        kind = _NEEDS.get(finding.rule)
        if kind is None or kind in unread:
            return kind is not None
        names = [name for name in _QUOTED.findall(finding.own_message) if name not in _NEEDS.values()]
        if finding.rule in ("alert/panel", "report/panel", "scaler/panel"):
            return any(name.partition("/")[0] in partial_dashboards for name in names)
        if finding.rule in _OF_NO_NAME:
            return any(one.data.get("kind") == kind for one in read_in_part)
        return not names_in_part(kind).isdisjoint(names)

    return [one for one in findings if not follows(one)]


def _names(documents: Iterable[Resolved]) -> set[str]:
    """Every text and key in documents, as written and after loops and expressions."""
    names: set[str] = set()
    for resolved in documents:
        for data in (resolved.document.data, resolved.data):
            names |= _texts(data)
    return names


def _texts(data: object) -> set[str]:
    """Every key and every text in data."""
    texts: set[str] = set()
    for path, value in walk(data):
        texts.update(step for step in (*path, value) if isinstance(step, str))
    return texts
