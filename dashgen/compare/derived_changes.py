"""Leave out what changes of Prometheus and Loki rule files only repeat.

The files are built from the same specs as Grafana's alert rules. What the change of a Grafana rule has
already is left out of the change of the rule with its name, so that what stays are changes of the rule files
alone.
"""

from collections.abc import Iterable

from dashgen.compare.change import Change, Detail, What
from dashgen.formats.resources import (
    ALERT_RULE,
    ALERTMANAGER,
    CONTACT_POINT,
    INHIBITION_RULE,
    MUTE_TIMING,
    POLICIES,
    RECORDING_RULE,
    RULE_GROUP,
    SERVER_RULE,
    TEMPLATE,
)

_NOTIFICATIONS = (CONTACT_POINT, POLICIES, MUTE_TIMING, INHIBITION_RULE, TEMPLATE)
_GRAFANA = (ALERT_RULE, RECORDING_RULE)
# The fields of a Grafana rule that an expression of Prometheus is built from: labels too, as a recovery
# selects its own series.
_SOURCES = {
    "expr": ("data", "condition", "noDataState", "labels"),
    "for": ("for",),
    "keep_firing_for": ("keep_firing_for",),
    "group": ("group", "folder"),
}
_PANEL = ("__dashboardUid__", "__panelId__")


def without_derived(changes: Iterable[Change]) -> list[Change]:
    """The changes without those of rule files that changes of Grafana's rules explain."""
    listed = list(changes)
    grafana = {name: change for change in listed if change.kind in _GRAFANA for name in _titles(change)}
    groups = {
        change.title for change in listed if change.kind == RULE_GROUP and ":" not in change.uid.split("/")[0]
    }
    underived = []
    is_of_notifications = any(change.kind in _NOTIFICATIONS for change in listed)
    for change in listed:
        if change.kind == ALERTMANAGER and is_of_notifications:
            # Its file is built from the same notifications; what the project file says of it is its own.
            own = tuple(detail for detail in change.details if detail.path[:1] == ("global",))
            underived += [Change(change.what, change.before, change.after, own)] if own else []
            continue
        if change.kind == RULE_GROUP and change.uid.endswith(f":{change.title}") and change.title in groups:
            continue
        if change.kind != SERVER_RULE:
            underived.append(change)
        elif (rest := _rest(change, _cause(change, grafana))) is not None:
            underived.append(rest)
    return underived


def _titles(change: Change) -> set[str]:
    return {side.title for side in (change.before, change.after) if side}


def _cause(change: Change, grafana: dict[str, Change]) -> Change | None:
    return next((grafana[title] for title in _titles(change) if title in grafana), None)


def _rest(change: Change, cause: Change | None) -> Change | None:
    """The part of a change that its cause does not explain; nothing when it explains all."""
    if cause is None:
        return change
    if change.what is cause.what and change.what in (What.CREATED, What.DELETED):
        return None
    explained = {str(step) for detail in cause.details for step in detail.path[:1]}
    if change.what in (What.CREATED, What.DELETED):
        return None if "isPaused" in explained else change
    left = tuple(detail for detail in change.details if not _is_explained(detail, cause, explained))
    return Change(change.what, change.before, change.after, left) if left else None


def _is_explained(detail: Detail, cause: Change, explained: set[str]) -> bool:
    first = str(detail.path[0])
    if first in _SOURCES:
        return bool(explained.intersection(_SOURCES[first]))
    if first in ("labels", "annotations"):
        return tuple(detail.path) in {tuple(other.path) for other in cause.details} or (
            detail.path[-1] == "dashboard" and any(other.path[-1] in _PANEL for other in cause.details)
        )
    return first in ("title", "uid") and "title" in explained
