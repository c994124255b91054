"""Differences of dashboards."""

from collections.abc import Iterator
from typing import Final

from dashgen.compare import option_labels
from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import code_change, quoted, show, word_detail
from dashgen.compare.change_values import field_changes, other_changes
from dashgen.compare.compare_links import MatchedItems, link_details
from dashgen.compare.compare_panels import panels_details
from dashgen.compare.compare_queries import source_details
from dashgen.compare.compare_sections import dynamic_details
from dashgen.compare.compare_variables import variable_details
from dashgen.core.json_values import Json
from dashgen.formats.json_shapes import names
from dashgen.formats.resources import Resource

_COMPARED_KEYS = (
    *names("title panels templating annotations links tags time graphTooltip dynamic"),
    *option_labels.DASHBOARD,
)
_FORMS: Final = {"classic": "classic JSON", "v2": "schema v2"}


def dashboard_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two dashboards, the dashboard's own first."""
    before, after = old.data, new.data
    if old.form and new.form and old.form != new.form:
        yield form_detail("written", old.form, new.form)
    # The newer schema has no panels to match: its differences are shown by path.
    if "elements" in before or "elements" in after:
        yield from other_changes(before, after, ("title",), ())
        return
    yield from field_changes(before, after, option_labels.DASHBOARD, ())
    yield from _own(before, after)
    yield from link_details(before.get("links", []), after.get("links", []), ("links",), "", "link")
    yield from other_changes(before, after, _COMPARED_KEYS, ())
    yield from dynamic_details(before, after, (), "the dashboard")
    yield from variable_details(_list(before, "templating"), _list(after, "templating"), ("templating",))
    yield from _annotations(_list(before, "annotations"), _list(after, "annotations"))
    yield from panels_details(before, after)


def form_detail(verb: str, old: str, new: str) -> Detail:
    """That a dashboard has another form, as a sentence.

    Args:
        verb: what is done in the new form, such as "written".
        old: `classic` or `v2`.
        new: likewise.
    """
    return Detail((f"{verb} as {_FORMS[new]} instead of {_FORMS[old]}",), ("format",), old, new)


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
