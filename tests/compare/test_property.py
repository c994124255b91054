"""Invariants over generated dashboards and trees."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.compare import Resources, compare, read_tree
from dashgen.compare.change import Change
from dashgen.compare.change_values import same_or_redacted
from dashgen.compare.render.render_github import render_github
from dashgen.compare.render.render_json import render_json
from dashgen.compare.render.render_markdown import render_markdown
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.compare.render.render_text import render_stat, render_text
from dashgen.compare.render.render_unified import render_full
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from tests.compare.support import PROMETHEUS, dashboard, panel, row

pytestmark = pytest.mark.property
QUICK = settings(max_examples=60)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@st.composite
def boards(draw: st.DrawFn) -> dict[str, Any]:
    """A dashboard of a few rows and panels, placed one after the other."""
    panels: list[dict[str, Any]] = []
    y, number = 0, 0
    for row_number in range(draw(st.integers(0, 3))):
        number += 1
        panels.append(row(number, f"Row {row_number}", y))
        y += 1
        for column in range(draw(st.integers(0, 3))):
            number += 1
            kind = draw(st.sampled_from(["timeseries", "stat", "table"]))
            panels.append(panel(number, f"Panel {number}", x=8 * column, y=y, w=8, type=kind))
        y += 8
    return dashboard(
        *panels,
        panel(number + 1, "Last", y=y, w=24),
        tags=draw(st.lists(st.sampled_from("abc"), unique=True)),
    )


EDITS = {
    "title": lambda board, one: board.update(title="Another"),
    "refresh": lambda board, one: board.update(refresh="17s"),
    "tag": lambda board, one: board["tags"].append("new"),
    "panel title": lambda board, one: one.update(title="Another"),
    "query": lambda board, one: one["targets"][0].update(expr="up"),
    "unit": lambda board, one: one["fieldConfig"]["defaults"].update(unit="bytes"),
    "option": lambda board, one: one["options"].update(strange={"x": 1}),
    "size": lambda board, one: one["gridPos"].update(h=one["gridPos"]["h"] + 1),
    "removed": lambda board, one: board["panels"].remove(one),
    "added": lambda board, one: board["panels"].append(panel(999, "New", y=999, w=24)),
    "variable": lambda board, one: board.update(
        templating={"list": [{"type": "custom", "name": "v", "query": "a"}]}
    ),
}


def _compared(before: Any, after: Any) -> list[Change]:
    return compare(Resources([dashboard_resource(before)]), Resources([dashboard_resource(after)]))


@QUICK
@given(boards())
def test_a_dashboard_does_not_differ_from_itself(board):
    assert _compared(board, copy.deepcopy(board)) == []


@QUICK
@given(boards(), st.randoms(use_true_random=False))
def test_order_and_defaults_are_no_difference(board, random):
    other = copy.deepcopy(board)
    random.shuffle(other["panels"])
    random.shuffle(other["tags"])
    for one in other["panels"]:
        one |= {"pluginVersion": "12.4.3", "transparent": False}
        for target in one.get("targets", []):
            target |= {"datasource": PROMETHEUS, "hide": False, "editorMode": "builder"}
    other |= {"version": 7, "id": 3, "links": [], "timepicker": {}, "liveNow": False, "description": ""}
    assert _compared(board, other) == []
    assert _compared(other, board) == []


@QUICK
@given(boards(), st.sampled_from(sorted(EDITS)), st.data())
def test_one_edit_is_one_change_of_one_resource(board, edit, data):
    other = copy.deepcopy(board)
    one = data.draw(st.sampled_from([p for p in other["panels"] if p["type"] != "row"]))
    EDITS[edit](other, one)
    assert len(_compared(board, other)) == 1
    assert len(_compared(other, board)) == 1


@QUICK
@given(boards(), st.data())
def test_a_panel_that_was_renamed_and_moved_is_the_same_panel(board, data):
    other = copy.deepcopy(board)
    one = data.draw(st.sampled_from([p for p in other["panels"] if p["type"] != "row"]))
    one.update(title=f"{one['title']} now", id=12345)
    one["gridPos"].update(y=999, x=0)
    (found,) = _compared(board, other)
    assert not [d for d in found.details if d.sentence == "removed" or d.sentence.startswith("added")]


PARTS = [
    "id", "title", "type", "gridPos", "targets", "datasource", "fieldConfig", "options", "transformations", "links", "panels",
    "collapsed", "libraryPanel",
]  # fmt: skip


@QUICK
@given(st.dictionaries(TEXTS, ANYTHING, max_size=4), st.dictionaries(TEXTS, ANYTHING, max_size=4), st.data())
def test_whatever_files_hold_is_compared_and_shown(one, other, data):
    keys = ("panels", "templating", "fieldConfig", "targets", "annotations", "links", "tags", "time")
    strange = [{**found, data.draw(st.sampled_from(keys)): data.draw(ANYTHING)} for found in (one, other)]
    inner = st.dictionaries(st.sampled_from(PARTS), ANYTHING, max_size=4)
    boards = [
        {
            **found,
            "panels": [
                {**found, "type": "x"},
                data.draw(inner),
                {**panel(3, "A"), **data.draw(inner)},
                data.draw(ANYTHING),
            ],
        }
        for found in strange
    ]
    comparison = ReportedComparison("a", "b", _compared(*boards))
    for text in (
        render_text(comparison), render_stat(comparison), render_json(comparison), render_markdown(comparison),
        render_github(comparison), render_full(comparison),
    ):  # fmt: skip
        assert "\x1b" not in text


SECTIONS = st.sampled_from(
    ["groups", "contactPoints", "policies", "muteTimes", "templates", "datasources", "providers"]
)


@QUICK
@given(st.dictionaries(SECTIONS, ANYTHING | st.lists(st.dictionaries(st.sampled_from(
    ["name", "rules", "receivers", "routes", "time_intervals", "jsonData", "interval", "matchers", "object_matchers", "uid"]
), ANYTHING)), max_size=3))  # fmt: skip
def test_whatever_provisioning_files_hold_is_read(document):
    content, plain = orjson.dumps(document), b"groups: [{name: g, rules: [{uid: a, title: A}, {alert: B}]}]"
    sides = [read_tree({"x.json": text, "y.yaml": text}).resources for text in (content, plain)]
    render_text(ReportedComparison("a", "b", compare(*sides)))
    assert compare(sides[0], sides[0]) == []


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield (*path, step)
        yield from _places(item, (*path, step))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _mutated(board: Any, data: st.DataObject) -> Any:
    """The dashboard with one value gone, another one, or a list the other way round."""
    made = copy.deepcopy(board)
    *above, last = data.draw(st.sampled_from(list(_places(made))))
    inner = _at(made, tuple(above))
    how = data.draw(st.sampled_from(["gone", "other", "turned"]))
    if how == "turned" and isinstance(inner[last], list):
        inner[last].reverse()
    elif how == "gone":
        del inner[last]
    else:
        inner[last] = data.draw(ANYTHING)
    return made


OURS = [orjson.loads(path.read_bytes()) for path in sorted(Path("generated/dashboards").rglob("*.json"))]


@settings(max_examples=300)
@given(st.data())
def test_what_compares_differently_is_always_a_change(data):
    board = data.draw(st.sampled_from(OURS))
    other = _mutated(board, data)
    one, two = dashboard_resource(board), dashboard_resource(other)
    equal = same_or_redacted(one.data, two.data) and (one.uid, one.title) == (two.uid, two.title)
    assert equal is not bool(compare(Resources([one]), Resources([two])))
