"""Edits of what several places share: loops, anchors, defaults of the project, components. The patch is what a reviewer expects."""

from copy import deepcopy

import pytest

from tests.pull.support import Pulled, open_specs, panel

HEAD = "kind: Dashboard\nuid: shop\ntitle: Shop\n"
LOOP = (
    HEAD
    + """\
panels:
  - for_each:
      kpi:
        Day: {query: sum(day), text: Today.}   # one
        Week: {query: sum(week), text: A week.}
    title: ${{ kpi.key }}
    description: ${{ kpi.value.text }}
    query: ${{ kpi.value.query }}
  - title: Speed
    queries:
      - for_each: {q: [0.5, 0.9, 0.99]}   # quantiles
        query: histogram_quantile(${{ q }}, x)
        legend: P${{ q }}
"""
)
NESTED = (
    HEAD
    + """\
rows:
  - for_each: {region: [eu, us]}   # regions
    title: Region ${{ region }}
    panels:
      - for_each: {tier: [free, pro]}
        title: ${{ region }} ${{ tier }}
        query: up{region="${{ region }}", tier="${{ tier }}"}
        unit: s
"""
)
SHARED = (
    HEAD
    + """\
panels:
  - title: One
    query: up
    thresholds: &limits {green: 0, red: 5}   # agreed
  - &base
    title: Two
    query: down   # why
    unit: s
    thresholds: *limits
  - <<: *base   # as two
    title: Three
"""
)
DEFAULTED = {
    "dashgen.yaml": "specs: [specs]\ndefaults:\n  dashboard:\n    annotations:\n      - {name: Deploys, query: v}\n",
    "specs/shop.yaml": HEAD + "panels:\n  - {title: Up, query: up}\n",
}
PARTS = "kind: Components\ncomponents:\n  tier:\n    variable: {name: tier, query: 'label_values(up, tier)', multi: true}\n"


def _threshold(data, *titles):
    for title in titles:
        panel(data, title)["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"] = 7


def _unit(data, *titles):
    for title in titles:
        panel(data, title)["fieldConfig"]["defaults"]["unit"] = "ms"


def _query(data, title, query):
    panel(data, title)["targets"][0]["expr"] = query


def _another_query(data):
    targets = panel(data, "Speed")["targets"]
    targets.append({**deepcopy(targets[0]), "refId": "D", "expr": "max(x)", "legendFormat": "max"})


EDITS = [
    ("what a turn takes from its loop is written there", LOOP, lambda d: _query(d, "Week", "sum(weeks)"),
     "-        Week: {query: sum(week), text: A week.}\n+        Week: {query: sum(weeks), text: A week.}"),
    ("a query behind a loop leaves the loop as it is", LOOP, _another_query,
     "+      - query: max(x)\n+        legend: max"),
    ("the last turn of a loop goes alone", LOOP, lambda d: panel(d, "Speed")["targets"].pop(),
     "-      - for_each: {q: [0.5, 0.9, 0.99]}   # quantiles\n+      - for_each: {q: [0.5, 0.9]}   # quantiles"),
    ("one turn of a loop in a loop", NESTED, lambda d: _unit(d, "us pro"),
     "-        unit: s\n+        unit: ${{ 'ms' if tier == 'pro' and region == 'us' else 's' }}"),
    ("what all users of an anchor changed alike is changed once", SHARED, lambda d: _threshold(d, "One", "Two", "Three"),
     "-    thresholds: &limits {green: 0, red: 5}   # agreed\n+    thresholds: &limits {green: 0, red: 7}   # agreed"),
    ("what merges an anchor follows it", SHARED, lambda d: _unit(d, "Two", "Three"), "-    unit: s\n+    unit: ms"),
    ("what merges an anchor says what it had", SHARED, lambda d: _unit(d, "Two"), "-    unit: s\n+    unit: ms\n+    unit: s"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "edit", "changed"), [one[1:] for one in EDITS], ids=[one[0] for one in EDITS]
)
def test_the_patch_is_as_small_as_the_edit(text, edit, changed, tmp_path):
    result = Pulled(open_specs(tmp_path, {"specs/shop.yaml": text}), "shop", edit)
    assert not result.rest
    assert result.changed == changed
    assert not result.lost_comments


def test_a_query_of_one_turn_of_a_loop_in_a_loop_is_chosen_there(tmp_path):
    result = Pulled(
        open_specs(tmp_path, {"specs/shop.yaml": NESTED}),
        "shop",
        lambda data: _query(data, "eu free", "max(up)"),
    )
    assert not result.rest
    assert "query: ${{ 'max(up)' if tier == 'free' and region == 'eu' else " in result.changed


@pytest.mark.parametrize("titles", [("One",), ("Two",), ("Two", "Three"), ("One", "Three")])
def test_those_who_did_not_change_keep_what_an_anchor_gave_them(titles, tmp_path):
    result = Pulled(
        open_specs(tmp_path, {"specs/shop.yaml": SHARED}), "shop", lambda data: _threshold(data, *titles)
    )
    assert not result.rest
    assert "raw:" not in result.text


def test_an_annotation_of_the_projects_defaults_is_said_anew_for_one_dashboard(tmp_path):
    def edit(data):
        data["annotations"]["list"][-1] |= {"iconColor": "red", "enable": False}

    result = Pulled(open_specs(tmp_path, DEFAULTED), "shop", edit)
    assert not result.rest
    assert result.changed == ("+annotations:\n+  - {name: Deploys, query: v, color: red, enable: false}")


def test_what_a_component_switches_on_is_switched_off_at_its_use(tmp_path):
    files = {
        "specs/parts.yaml": PARTS,
        "specs/shop.yaml": HEAD + "variables:\n  - use: tier\npanels:\n  - {title: Up, query: up}\n",
        "specs/other.yaml": "kind: Dashboard\ntitle: Other\nvariables: [use: tier]\npanels: [{title: Up, query: up}]\n",
    }
    result = Pulled(
        open_specs(tmp_path, files), "shop", lambda data: data["templating"]["list"][0].update(multi=False)
    )
    assert not result.rest
    assert result.changed == "+    multi: false"


def test_panels_above_the_rows_are_written_above_them(tmp_path):
    text = HEAD + "rows:\n  - title: R\n    panels:\n      - {title: Up, query: up}\n"

    def edit(data):
        new = deepcopy(panel(data, "Up")) | {
            "id": 9,
            "title": "New",
            "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
        }
        for one in data["panels"]:
            one["gridPos"]["y"] += 8
        data["panels"].insert(0, new)

    result = Pulled(open_specs(tmp_path, {"specs/shop.yaml": text}), "shop", edit)
    assert not result.rest
    assert result.patch.texts["specs/shop.yaml"].index("panels:\n  - ") < result.patch.texts[
        "specs/shop.yaml"
    ].index("rows:")
