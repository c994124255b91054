"""Differences of dashboards."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import code_change, quoted, show, word_change
from dashgen.compare.change_values import field_changes, labelled_changes, other_changes, same_or_redacted
from dashgen.compare.compare_layout import Layout, row_move
from dashgen.compare.compare_links import link_details, named, renamed
from dashgen.compare.compare_panel import panel_details, panel_name
from dashgen.compare.compare_queries import source_details
from dashgen.compare.list_order import order_details
from dashgen.compare.matching import Matched, Panel, match_panels
from dashgen.formats.resources import Resource

Data = dict[str, Any]
_TOLD = (
    "title", "panels", "templating", "annotations", "links", "tags", "time", "graphTooltip", *option_labels.DASHBOARD
)  # fmt: skip
_VARIABLE_WORDS = {
    "hide": ("display", option_labels.HIDE),
    "sort": ("order", option_labels.SORT),
    "refresh": ("updated", option_labels.REFRESH),
}


def dashboard_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two dashboards, the dashboard's own first."""
    before, after = old.data, new.data
    if "elements" in before or "elements" in after:
        yield from other_changes(before, after, ("title",), ())
        return
    yield from field_changes(before, after, option_labels.DASHBOARD, ())
    yield from _own(before, after)
    yield from link_details(before.get("links", []), after.get("links", []), ("links",), "", "link")
    yield from other_changes(before, after, _TOLD, ())
    yield from _variables(_list(before, "templating"), _list(after, "templating"))
    yield from _annotations(_list(before, "annotations"), _list(after, "annotations"))
    yield from _panels(before.get("panels", []), after.get("panels", []))


def panel_count(dashboard: Resource) -> int:
    """How many panels a dashboard has, without its rows."""
    if "elements" in dashboard.data:
        return len(dashboard.data["elements"])
    return sum(panel.get("type") != "row" for panel in dashboard.data.get("panels", []))


def _list(data: Data, key: str) -> list[Data]:
    found: list[Data] = data.get(key, {}).get("list", [])
    return found


def _own(old: Data, new: Data) -> Iterator[Detail]:
    if old.get("time") != new.get("time"):
        said = f"time range {_time(old.get('time'))} → {_time(new.get('time'))}"
        yield Detail((said,), ("time",), old.get("time"), new.get("time"))
    one, other = old.get("graphTooltip"), new.get("graphTooltip")
    if one != other:
        shown = [option_labels.TOOLTIP.get(value, str(value)) for value in (one, other)]
        yield Detail((f"tooltips {shown[0]} → {shown[1]}",), ("graphTooltip",), one, other)
    tags, now = old.get("tags", []), new.get("tags", [])
    if gone := [tag for tag in tags if tag not in now]:
        yield Detail((f"tag{'s' * (len(gone) > 1)} {show(gone)} removed",), ("tags", "removed"), gone, None)
    if come := [tag for tag in now if tag not in tags]:
        yield Detail((f"tag{'s' * (len(come) > 1)} {show(come)} added",), ("tags", "added"), None, come)


def _time(value: Any) -> str:
    span = value if isinstance(value, dict) else {}
    start, end = str(span.get("from", "now-6h")), str(span.get("to", "now"))
    return f"last {start[4:]}" if start.startswith("now-") and end == "now" else f"{start} to {end}"


def _variables(before: list[Data], after: list[Data]) -> Iterator[Detail]:
    old, new = named(before, "name"), named(after, "name")
    moved = renamed(old, new, "name")
    for name in [*old, *(name for name in new if name not in old and name not in moved.values())]:
        one, other = old.get(name), new.get(moved.get(name, name))
        path, subject = ("templating", name), f"variable ${moved.get(name, name)}"
        if one is None or other is None:
            yield Detail(("added" if one is None else "removed",), path, one, other, subject)
        elif name in moved:
            yield Detail((f"renamed from ${name}",), (*path, "name"), name, moved[name], subject)
        else:
            yield from _variable(one, other, path, subject)
    yield from order_details(list(old), list(new), "variables", ("templating",), "", moved)


def _variable(old: Data, new: Data, path: Path, subject: str) -> Iterator[Detail]:
    words = {key: label for key, label in option_labels.VARIABLE.items() if key not in ("query", "regex")}
    for key in ("query", "regex"):
        one, other = old.get(key), new.get(key)
        if isinstance(one, str) and isinstance(other, str) and one != other:
            yield Detail((f"{key} changed ", *code_change(one, other)), (*path, key), one, other, subject)
        elif not same_or_redacted(one, other):
            yield from labelled_changes(one, other, {"": key}, (*path, key), subject, (key,))
    yield from field_changes(old, new, words, path, subject)
    for key, (label, meanings) in _VARIABLE_WORDS.items():
        one, other = old.get(key), new.get(key)
        if not same_or_redacted(one, other):
            shown = [meanings.get(value, str(value)) for value in (one, other)]
            yield Detail((f"{label} {shown[0]} → {shown[1]}",), (*path, key), one, other, subject)
    yield from source_details("data source", old, new, path, subject)
    told = ("name", "current", "datasource", *option_labels.VARIABLE, *_VARIABLE_WORDS)
    yield from other_changes(old, new, told, path, subject)


def _annotations(before: list[Data], after: list[Data]) -> Iterator[Detail]:
    old, new = named(before, "name"), named(after, "name")
    moved = renamed(old, new, "name")
    for name in [*old, *(name for name in new if name not in old and name not in moved.values())]:
        one, other = old.get(name), new.get(moved.get(name, name))
        path, subject = ("annotations", name), f"annotation {quoted(moved.get(name, name))}"
        if one is None or other is None:
            yield Detail(("added" if one is None else "removed",), path, one, other, subject)
            continue
        if name in moved:
            yield Detail((f"renamed from {quoted(name)}",), (*path, "name"), name, moved[name], subject)
        yield from field_changes(one, other, option_labels.ANNOTATION, path, subject)
        yield from source_details("data source", one, other, path, subject)
        yield from _annotation_query(one, other, path, subject)
        told = ("name", "datasource", "expr", *option_labels.ANNOTATION)
        yield from other_changes(one, other, told, path, subject)
    yield from order_details(list(old), list(new), "annotations", ("annotations",), "", moved)


def _annotation_query(old: Data, new: Data, path: Path, subject: str) -> Iterator[Detail]:
    one, other = old.get("expr"), new.get("expr")
    if isinstance(one, str) and isinstance(other, str) and one != other:
        yield Detail(("query changed ", *code_change(one, other)), (*path, "expr"), one, other, subject)
    elif one != other:
        yield Detail(word_change("query", one, other), (*path, "expr"), one, other, subject)


def _panels(before: list[Panel], after: list[Panel]) -> Iterator[Detail]:
    matched = match_panels(before, after)
    layout = Layout(matched)
    names = _names(after)
    place = {id(panel): number for number, panel in enumerate(after)}
    for old, new in sorted(matched.pairs, key=lambda pair: place[id(pair[1])]):
        path, subject = _path(old), names[id(new)]
        yield from panel_details(old, new, path, subject)
        for move in layout.details(old, new):
            yield row_move(move, path, subject)
    yield from _added_and_removed(matched, names, place)


def _added_and_removed(matched: Matched, names: dict[int, str], place: dict[int, int]) -> Iterator[Detail]:
    for new in sorted(matched.come, key=lambda panel: place[id(panel)]):
        yield Detail((_added(new),), _path(new), None, new, names[id(new)])
    gone = _names(matched.gone)
    for old in matched.gone:
        yield Detail(("removed",), _path(old), old, None, gone[id(old)])


def _added(panel: Panel) -> str:
    kind = panel.get("type")
    return "added" if kind in (None, "row") else f"added ({kind})"


def _path(panel: Panel) -> Path:
    return "panels", panel.get("id") or str(panel.get("title", ""))


def _names(panels: list[Panel]) -> dict[int, str]:
    """What panels are called; with their row where the title alone means several."""
    counted = Counter(panel_name(panel) for panel in panels)
    titles = {panel.get("id"): str(panel.get("title", "")) for panel in panels if panel.get("type") == "row"}
    found = {}
    for panel in panels:
        name = panel_name(panel)
        row = titles.get(panel.get("row"))
        found[id(panel)] = f"{name} in row {quoted(row)}" if counted[name] > 1 and row else name
    return found
