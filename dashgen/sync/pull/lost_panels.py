"""Alert rules and events that name a panel which was deleted: their ``panel:`` goes with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashgen.core.json_values import at, mappings, scalar_text
from dashgen.source.edit import EditError, Remove, edited
from dashgen.source.expressions import MARK
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.pulled_project import Building, PulledProject, Texts
from dashgen.sync.pull.value_origins import writing_place

_LISTS = {"AlertRules": ("rules", "alert"), "Annotations": ("events", "title")}
_WORDS = {"AlertRules": "alert rule", "Annotations": "event"}


@dataclass(slots=True)
class Loosened:
    """Specs without what names deleted panels.

    Attributes:
        texts: the texts of the spec files.
        notes: what was done, or is left to do, in words, by the uid of the dashboard.
    """

    texts: dict[str, str]
    notes: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Link:
    """The place that names a panel, what names it, and the panel as dashboard and key."""

    resolved: Resolved
    path: Path
    name: str
    dashboard: str
    key: str

    @property
    def origin(self) -> Origin:
        """Where the word is written."""
        return self.resolved.origin((*self.path, "panel"))


def loosened(project: PulledProject, before: Building, texts: Texts) -> Loosened:
    """Take out what names panels that the specs built and do not build any more.

    Args:
        project: the project.
        before: what the specs built.
        texts: their texts now.
    """
    result = Loosened(dict(texts))
    now = project.built(texts)
    lost = _panels(before) - _panels(now)
    for link in [one for one in _links(now) if (one.dashboard, one.key) in lost]:
        sentence = f"{link.name} named the panel `{link.dashboard}/{link.key}`, which is deleted"
        if _take_out(result.texts, link):
            note = f"{sentence}: its `panel:` is taken out too"
        else:
            note = f"{sentence}: take its `panel:` out at {link.origin.location()}"
        result.notes.setdefault(link.dashboard, []).append(note)
    return result


def _take_out(texts: dict[str, str], link: _Link) -> bool:
    """Take the word out where the rule or event itself says it; whether that could be done."""
    item_origin, origin = writing_place(link.resolved, link.path), link.origin
    own = origin.document is item_origin.document and origin.path == (*item_origin.path, "panel")
    panel_name = at(origin.document.data, origin.path)
    file = origin.document.file
    if not own or not isinstance(panel_name, str) or MARK in panel_name or file not in texts:
        return False
    try:
        texts[file] = edited(file, texts[file], origin.document.index, [Remove(origin.path)])
    except EditError:
        return False
    return True


def _panels(building: Building) -> set[tuple[str, str]]:
    return {(uid, key) for uid, one in building.dashboards.items() for key in one.summary.panels}


def _links(building: Building) -> Iterator[_Link]:
    for kind, (items, name) in _LISTS.items():
        for document in building.documents.of(kind):
            resolved = document.resolved
            for number, item in enumerate(mappings(resolved.data.get(items))):
                dashboard, _, key = scalar_text(item.get("panel")).partition("/")
                if kind == "Annotations":
                    dashboard, key = scalar_text(item.get("dashboard")), scalar_text(item.get("panel"))
                if dashboard and key:
                    label = f"{_WORDS[kind]} `{item.get(name)}`"
                    yield _Link(resolved, (items, number), label, dashboard, key)
