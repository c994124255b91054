"""Alert rules, events and scalers that name a panel which was deleted: their ``panel:`` goes with it."""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.core.json_values import mappings, scalar_text
from dashgen.source.edit import EditError, Remove, edited
from dashgen.source.expressions import MARK
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.document_edits import Texts
from dashgen.sync.pull.pulled_project import Building, PulledProject
from dashgen.sync.pull.value_origins import item_origin, written

_LISTS = {"AlertRules": ("rules", "alert", "alert rule"), "Annotations": ("events", "title", "event")}
"""Where documents of a kind list what may name a panel, the key of its name, and its kind in a sentence."""


class _Link(Struct, frozen=True):
    """The place that names a panel, what names it, and the panel as dashboard and key."""

    resolved: Resolved
    path: Path
    name: str
    dashboard: str
    key: str

    @property
    def origin(self) -> Origin:
        """Where the key is written."""
        return self.resolved.origin((*self.path, "panel"))


def without_lost_panels(
    project: PulledProject, before: Building, texts: Texts
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Take out what names panels that the specs built and do not build any more.

    Args:
        project: the project.
        before: what the specs built.
        texts: their texts now.

    Returns:
        The texts without these names, and what was done or is left to do, in words, by the uid of the
        dashboard.
    """
    result, notes = dict(texts), dict[str, list[str]]()
    now = project.built(texts)
    # A rule may name a panel that never was: that is a finding of the build, and not of this pull.
    lost = _panels(before) - _panels(now)
    for link in _links(now):
        if (link.dashboard, link.key) not in lost:
            continue
        sentence = f"{link.name} named the panel `{link.dashboard}/{link.key}`, which is deleted"
        if _take_out(result, link):
            note = f"{sentence}: its `panel:` is taken out too"
        else:
            note = f"{sentence}: take its `panel:` out at {link.origin.location()}"
        notes.setdefault(link.dashboard, []).append(note)
    return result, notes


def _take_out(texts: dict[str, str], link: _Link) -> bool:
    """Take the key out where the rule or event itself has it; whether that could be done."""
    item, origin = item_origin(link.resolved, link.path), link.origin
    # What a component brings, or an expression computes, may be right for others that use it.
    is_own = origin.document is item.document and origin.path == (*item.path, "panel")
    panel_name, file = written(origin), origin.document.file
    if not is_own or not isinstance(panel_name, str) or MARK in panel_name or file not in texts:
        return False
    try:
        texts[file] = edited(file, texts[file], origin.document.index, [Remove(origin.path)])
    except EditError:
        return False
    return True


def _panels(building: Building) -> set[tuple[str, str]]:
    return {(uid, key) for uid, one in building.dashboards.items() for key in one.summary.panels}


def _links(building: Building) -> Iterator[_Link]:
    for kind, (items, name, word) in _LISTS.items():
        for document in building.documents.of(kind):
            resolved = document.resolved
            for number, item in enumerate(mappings(resolved.data.get(items))):
                # Rules name a panel as `dashboard/panel`, events in two keys.
                dashboard, _, key = scalar_text(item.get("panel")).partition("/")
                if kind == "Annotations":
                    dashboard, key = scalar_text(item.get("dashboard")), scalar_text(item.get("panel"))
                if dashboard and key:
                    yield _Link(resolved, (items, number), f"{word} `{item.get(name)}`", dashboard, key)
    for document in building.documents.of("Scaler"):
        data = document.resolved.data
        dashboard, _, key = scalar_text(data.get("panel")).partition("/")
        if dashboard and key:
            yield _Link(document.resolved, (), f"scaler `{data.get('name')}`", dashboard, key)
