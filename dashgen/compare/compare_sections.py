"""Differences of what schema v2 has beyond panels on a grid: tabs, conditions, layouts, section variables."""

from collections.abc import Iterator
from typing import Any, Final

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_values import field_changes, other_changes, same_or_redacted
from dashgen.compare.compare_variables import variable_details
from dashgen.compare.compared_sections import Panel, is_tab
from dashgen.compare.condition_texts import condition_text, layout_text
from dashgen.core.json_values import Json, mapping

_TEXTS: Final = {"subtitle": "subtitle"}
_SWITCHES: Final = {
    "hideHeader": ("header shown", "header hidden"),
    "fillScreen": ("no longer fills the screen", "fills the screen"),
}
_COMPARED: Final = ("kind", "level", "layout", "showWhen", "variables", *_TEXTS, *_SWITCHES)


def section_details(old: Panel, new: Panel, path: Path, subject: str) -> Iterator[Detail]:
    """Everything but title and place that differs between two rows or tabs."""
    if is_tab(old) != is_tab(new):
        sentence = "became a tab" if is_tab(new) else "became a row"
        before, after = ("tab" if is_tab(side) else "row" for side in (old, new))
        yield Detail((sentence,), (*path, "dynamic", "kind"), before, after, subject)
    if old.get("collapsed") != new.get("collapsed"):
        sentence = "collapsed" if new.get("collapsed") else "opened"
        yield Detail((sentence,), (*path, "collapsed"), old.get("collapsed"), new.get("collapsed"), subject)
    yield from field_changes(old, new, {"repeat": option_labels.PANEL["repeat"]}, path, subject)
    yield from dynamic_details(old, new, path, subject)


def dynamic_details(old: Json, new: Json, path: Path, subject: str = "") -> Iterator[Detail]:
    """What differs of the part that only schema v2 has, of a panel, a section or the dashboard."""
    before, after = mapping(old.get("dynamic")), mapping(new.get("dynamic"))
    if same_or_redacted(before, after):
        return
    below = (*path, "dynamic")
    yield from _condition(before.get("showWhen"), after.get("showWhen"), (*below, "showWhen"), subject)
    yield from _layout(before.get("layout"), after.get("layout"), (*below, "layout"), subject)
    yield from field_changes(before, after, _TEXTS, below, subject)
    for key, (off, on) in _SWITCHES.items():
        if before.get(key) != after.get(key):
            sentence = on if after.get(key) else off
            yield Detail((sentence,), (*below, key), before.get(key), after.get(key), subject)
    old_variables, new_variables = before.get("variables", []), after.get("variables", [])
    yield from variable_details(old_variables, new_variables, (*below, "variables"), f" of {subject}")
    yield from other_changes(before, after, _COMPARED, below, subject)


def _condition(old: Any, new: Any, path: Path, subject: str) -> Iterator[Detail]:
    if same_or_redacted(old, new):
        return
    before, after = condition_text(mapping(old)), condition_text(mapping(new))
    if not before:
        sentence = f"is {after}"
    elif not after:
        sentence = f"is always shown now, before {before}"
    else:
        sentence = f"is {after}, before {before}"
    yield Detail((sentence,), path, old, new, subject)


def _layout(old: Any, new: Any, path: Path, subject: str) -> Iterator[Detail]:
    if same_or_redacted(old, new):
        return
    before, after = ("" if side is None else layout_text(side) for side in (old, new))
    if not before:
        sentence = f"arranges its panels itself: {after}"
    elif not after:
        sentence = f"has its panels in fixed places now, before in {before}"
    else:
        sentence = f"arranges its panels in {after}, before in {before}"
    yield Detail((sentence,), path, old, new, subject)
