"""What holds of every dashboard that builds: places, ids and bytes."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.project.project import SOURCES, Project
from tests.property.strategies import SETTINGS, as_yaml

pytestmark = pytest.mark.property

TITLES = st.sampled_from(["A", "B", "C", "Cost", "Cost (24h)", "🚀", "", "a b"])
PANELS = st.fixed_dictionaries(
    {"title": TITLES, "query": st.sampled_from(["up", "sum by (tier) (rate(x_total[5m]))"])},
    optional={
        "type": st.sampled_from(["stat", "table", "timeseries", "gauge"]),
        "width": st.sampled_from([1, 7, 12, 24, "1/3", "1/2"]),
        "height": st.integers(1, 12),
        "unit": st.sampled_from(["s", "bytes"]),
    },
)
ROWS = st.fixed_dictionaries(
    {"title": TITLES, "panels": st.lists(PANELS, max_size=4)},
    optional={"collapsed": st.booleans(), "height": st.integers(1, 9)},
)
BODIES = st.fixed_dictionaries({"panels": st.lists(PANELS, max_size=4), "rows": st.lists(ROWS, max_size=3)})


def built(body: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        project.write("specs/s.yaml", SOURCES)
        project.write("specs/d.yaml", as_yaml([{"kind": "Dashboard", "uid": "d", "title": "T", **body}]))
        report = project.build(use_cache=False)
        assert not report.failed, report.diagnostics
        return project.files()["dashboards/d.json"]


def panels(content: bytes) -> list[dict[str, Any]]:
    """Every panel and row, also those inside collapsed rows."""
    found = json.loads(content)["panels"]
    return [one for panel in found for one in (panel, *panel.get("panels", []))]


@settings(SETTINGS, max_examples=30)
@given(BODIES)
def test_panels_have_their_own_ids_and_places_and_building_twice_gives_the_same_bytes(
    body: dict[str, Any],
) -> None:
    content = built(body)
    assert built(body) == content
    found = panels(content)
    ids = [one["id"] for one in found]
    assert len(set(ids)) == len(ids)
    assert all(0 < number < 2**31 for number in ids)
    visible = [one["gridPos"] for one in json.loads(content)["panels"]]
    cells = [
        (x, y)
        for g in visible
        for x in range(g["x"], g["x"] + g["w"])
        for y in range(g["y"], g["y"] + g["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert all(g["x"] >= 0 and g["x"] + g["w"] <= 24 for g in visible)
    assert b"null" not in content.replace(b'"value": null', b"")


@settings(SETTINGS, max_examples=30)
@given(
    st.lists(st.sampled_from("ABCDEFG"), unique=True, min_size=1),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_ids_stay_when_panels_move_and_neighbours_come_and_go(
    titles: list[str], random: Any, fold: bool
) -> None:
    def ids(order: list[str]) -> dict[str, int]:
        made = [{"title": title, "query": "up"} for title in order]
        body = {"panels": made[::2], "rows": [{"title": "R", "collapsed": fold, "panels": made[1::2]}]}
        return {one["title"]: one["id"] for one in panels(built(body))}

    before = ids(titles)
    moved = random.sample(titles, len(titles))
    after = ids([*moved[1:], "New"])
    assert {title: after[title] for title in moved[1:]} == {title: before[title] for title in moved[1:]}
