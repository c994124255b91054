"""Differences of dashboards."""

from collections import Counter
from collections.abc import Iterator

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import code_change, quoted, show, word_detail
from dashgen.compare.change_values import field_changes, labelled_changes, other_changes, same_or_redacted
from dashgen.compare.compare_layout import MatchedLayout, row_move
from dashgen.compare.compare_links import MatchedItems, link_details
from dashgen.compare.compare_panel import panel_details, panel_name
from dashgen.compare.compare_queries import source_details
from dashgen.compare.matching import MatchedPanels, Panel, match_panels
from dashgen.core.json_values import Json
from dashgen.formats.json_shapes import names
from dashgen.formats.resources import Resource

_COMPARED_KEYS = (
    *names("title panels templating annotations links tags time graphTooltip"),
    *option_labels.DASHBOARD,
)
_VARIABLE_CHOICES = {
    "hide": ("display", option_labels.HIDE),
    "sort": ("order", option_labels.SORT),
    "refresh": ("updated", option_labels.REFRESH),
}


def dashboard_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two dashboards, the dashboard's own first."""
    before, after = old.data, new.data
    # The newer schema has no panels to match: its differences are shown by path.
    if "elements" in before or "elements" in after:
        yield from other_changes(before, after, ("title",), ())
        return
    yield from field_changes(before, after, option_labels.DASHBOARD, ())
    yield from _own(before, after)
    yield from link_details(before.get("links", []), after.get("links", []), ("links",), "", "link")
    yield from other_changes(before, after, _COMPARED_KEYS, ())
    yield from _variables(_list(before, "templating"), _list(after, "templating"))
    yield from _annotations(_list(before, "annotations"), _list(after, "annotations"))
    yield from _panels(before.get("panels", []), after.get("panels", []))


def panel_count(dashboard: Resource) -> int:
    """How many panels a dashboard has, without its rows."""
    if "elements" in dashboard.data:
        return len(dashboard.data["elements"])
    return sum(panel.get("type") != "row" for panel in dashboard.data.get("panels", []))


def _list(data: Json, key: str) -> list[Json]:
    items: list[Json] = data.get(key, {}).get("list", [])
    return items


def _own(old: Json, new: Json) -> Iterator[Detail]:
    if old.get("time") != new.get("time"):
        sentence = f"time range {_time(old.get('time'))} → {_time(new.get('time'))}"
        yield Detail((sentence,), ("time",), old.get("time"), new.get("time"))
    old_tooltip, new_tooltip = old.get("graphTooltip"), new.get("graphTooltip")
    if old_tooltip != new_tooltip:
        shown = [option_labels.TOOLTIP.get(value, str(value)) for value in (old_tooltip, new_tooltip)]
        yield Detail((f"tooltips {shown[0]} → {shown[1]}",), ("graphTooltip",), old_tooltip, new_tooltip)
    old_tags, new_tags = old.get("tags", []), new.get("tags", [])
    if removed := [tag for tag in old_tags if tag not in new_tags]:
        yield Detail(
            (f"tag{'s' * (len(removed) > 1)} {show(removed)} removed",), ("tags", "removed"), removed, None
        )
    if added := [tag for tag in new_tags if tag not in old_tags]:
        yield Detail((f"tag{'s' * (len(added) > 1)} {show(added)} added",), ("tags", "added"), None, added)


def _time(value: object) -> str:
    span = value if isinstance(value, dict) else {}
    start, end = str(span.get("from", "now-6h")), str(span.get("to", "now"))
    return f"last {start[4:]}" if start.startswith("now-") and end == "now" else f"{start} to {end}"


def _variables(before: list[Json], after: list[Json]) -> Iterator[Detail]:
    matched = MatchedItems(before, after, "name")
    for name, new_name, old, new in matched.pairs():
        path, subject = ("templating", name), f"variable ${new_name}"
        if old is None or new is None:
            yield Detail(("added" if old is None else "removed",), path, old, new, subject)
        elif name != new_name:
            yield Detail((f"renamed from ${name}",), (*path, "name"), name, new_name, subject)
        else:
            yield from _variable(old, new, path, subject)
    yield from matched.order("variables", ("templating",))


def _variable(old: Json, new: Json, path: Path, subject: str) -> Iterator[Detail]:
    labels = {key: label for key, label in option_labels.VARIABLE.items() if key not in ("query", "regex")}
    for key in ("query", "regex"):
        old_value, new_value = old.get(key), new.get(key)
        if isinstance(old_value, str) and isinstance(new_value, str) and old_value != new_value:
            parts = f"{key} changed ", *code_change(old_value, new_value)
            yield Detail(parts, (*path, key), old_value, new_value, subject)
        elif not same_or_redacted(old_value, new_value):
            yield from labelled_changes(old_value, new_value, {"": key}, (*path, key), subject, (key,))
    yield from field_changes(old, new, labels, path, subject)
    for key, (label, meanings) in _VARIABLE_CHOICES.items():
        old_value, new_value = old.get(key), new.get(key)
        if not same_or_redacted(old_value, new_value):
            shown = [meanings.get(value, str(value)) for value in (old_value, new_value)]
            yield Detail((f"{label} {shown[0]} → {shown[1]}",), (*path, key), old_value, new_value, subject)
    yield from source_details("data source", old, new, path, subject)
    shown_keys = ("name", "current", "datasource", *option_labels.VARIABLE, *_VARIABLE_CHOICES)
    yield from other_changes(old, new, shown_keys, path, subject)


def _annotations(before: list[Json], after: list[Json]) -> Iterator[Detail]:
    matched = MatchedItems(before, after, "name")
    for name, new_name, old, new in matched.pairs():
        path, subject = ("annotations", name), f"annotation {quoted(new_name)}"
        if old is None or new is None:
            yield Detail(("added" if old is None else "removed",), path, old, new, subject)
            continue
        if name != new_name:
            yield Detail((f"renamed from {quoted(name)}",), (*path, "name"), name, new_name, subject)
        yield from field_changes(old, new, option_labels.ANNOTATION, path, subject)
        yield from source_details("data source", old, new, path, subject)
        yield from _annotation_query(old, new, path, subject)
        shown_keys = ("name", "datasource", "expr", *option_labels.ANNOTATION)
        yield from other_changes(old, new, shown_keys, path, subject)
    yield from matched.order("annotations", ("annotations",))


def _annotation_query(old: Json, new: Json, path: Path, subject: str) -> Iterator[Detail]:
    old_query, new_query = old.get("expr"), new.get("expr")
    if isinstance(old_query, str) and isinstance(new_query, str) and old_query != new_query:
        parts = "query changed ", *code_change(old_query, new_query)
        yield Detail(parts, (*path, "expr"), old_query, new_query, subject)
    elif old_query != new_query:
        yield word_detail("query", old_query, new_query, (*path, "expr"), subject)


def _panels(before: list[Panel], after: list[Panel]) -> Iterator[Detail]:
    matched = match_panels(before, after)
    layout = MatchedLayout(matched)
    names = _names(after)
    # Panels are plain dicts, and two may be equal: their identity is what tells them apart.
    positions = {id(panel): number for number, panel in enumerate(after)}
    for old, new in sorted(matched.pairs, key=lambda pair: positions[id(pair[1])]):
        path, subject = _path(old), names[id(new)]
        yield from panel_details(old, new, path, subject)
        for move in layout.details(old, new):
            yield row_move(move, path, subject)
    yield from _added_and_removed(matched, names, positions)


def _added_and_removed(
    matched: MatchedPanels, names: dict[int, str], positions: dict[int, int]
) -> Iterator[Detail]:
    for new in sorted(matched.added, key=lambda panel: positions[id(panel)]):
        yield Detail((_added(new),), _path(new), None, new, names[id(new)])
    removed_names = _names(matched.removed)
    for old in matched.removed:
        yield Detail(("removed",), _path(old), old, None, removed_names[id(old)])


def _added(panel: Panel) -> str:
    kind = panel.get("type")
    return "added" if kind in (None, "row") else f"added ({kind})"


def _path(panel: Panel) -> Path:
    return "panels", panel.get("id") or str(panel.get("title", ""))


def _names(panels: list[Panel]) -> dict[int, str]:
    """The names of panels in sentences; with their row where several have one title."""
    counted = Counter(panel_name(panel) for panel in panels)
    titles = {panel.get("id"): str(panel.get("title", "")) for panel in panels if panel.get("type") == "row"}
    names = {}
    for panel in panels:
        name = panel_name(panel)
        row = titles.get(panel.get("row"))
        names[id(panel)] = f"{name} in row {quoted(row)}" if counted[name] > 1 and row else name
    return names
