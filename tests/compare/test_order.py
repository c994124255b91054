"""Every list that Grafana stores: whether its order means something."""

import copy
from typing import Any

import pytest

from dashgen.formats.normal.normal_notifications import contact_points_of_file, mute_timings, policies_of_file
from dashgen.formats.normal.normal_others import server_rules
from dashgen.formats.normal.normal_rules import rules_of_file
from dashgen.formats.resources import Resource
from tests.compare.support import dashboard, details, panel, said


def _fields(**defaults: Any) -> dict[str, Any]:
    return {"fieldConfig": {"defaults": defaults, "overrides": []}}


def _override(kind: str, options: str, **properties: Any) -> dict[str, Any]:
    listed = [{"id": key, "value": value} for key, value in properties.items()]
    return {"matcher": {"id": kind, "options": options}, "properties": listed}


def _range(low: int, high: int, text: str) -> dict[str, Any]:
    return {"type": "range", "options": {"from": low, "to": high, "result": {"text": text}}}


LINKS = [{"title": "One", "url": "/one"}, {"title": "Two", "url": "/two"}]
STEPS = [{"color": "green", "value": None}, {"color": "red", "value": 9}, {"color": "blue", "value": 5}]
OVERRIDES = [_override("byName", "x", unit="s"), _override("byRegexp", "/.*/", unit="ms")]
SAME = [_override("byName", "x", unit="s"), _override("byName", "x", unit="ms")]
SOURCES = [{"name": "a", "type": "query", "query": "a"}, {"name": "b", "type": "query", "query": "b"}]
ORDERED = {
    "variables": (
        dashboard(templating={"list": SOURCES}),
        "templating.list",
        "variables in another order: b, a",
    ),
    "annotations": (
        dashboard(annotations={"list": [{"name": "a", "expr": "up"}, {"name": "b", "expr": "down"}]}),
        "annotations.list",
        "annotations in another order: b, a",
    ),
    "links": (dashboard(links=LINKS), "links", "links in another order: Two, One"),
    "intervals of the time picker": (
        dashboard(timepicker={"refresh_intervals": ["5s", "1m"]}),
        "timepicker.refresh_intervals",
        "timepicker.refresh_intervals: 5s, 1m → 1m, 5s",
    ),
}
OF_A_PANEL = {
    "queries": ({"targets": [{"refId": "A", "expr": "a"}, {"refId": "B", "expr": "b"}]}, "targets", "queries in another order: B, A"),
    "queries whose names are not in the order of the alphabet": (
        {"targets": [{"refId": "ok", "expr": "a"}, {"refId": "bad", "expr": "b"}]},
        "targets",
        "queries in another order: bad, ok",
    ),
    "overrides": (
        {"fieldConfig": {"defaults": {}, "overrides": OVERRIDES}},
        "fieldConfig.overrides",
        'overrides in another order: "fields /.*/", "field x"',
    ),
    "overrides of one field": (
        {"fieldConfig": {"defaults": {}, "overrides": SAME}},
        "fieldConfig.overrides",
        "override of field x: unit s → ms; override of field x (2): unit ms → s",
    ),
    "mappings": (
        _fields(mappings=[_range(0, 5, "low"), _range(5, 9, "high")]),
        "fieldConfig.defaults.mappings",
        'mappings in another order: "5 to 9", "0 to 5"',
    ),
    "thresholds": (
        _fields(thresholds={"steps": STEPS}),
        "fieldConfig.defaults.thresholds.steps",
        "thresholds in another order: blue, red, green",
    ),
    "data links": (_fields(links=LINKS), "fieldConfig.defaults.links", "data links in another order: Two, One"),
    "links": ({"links": LINKS}, "links", "links in another order: Two, One"),
    "transformations": (
        {"transformations": [{"id": "merge"}, {"id": "reduce"}]},
        "transformations",
        "transformations in another order: reduce, merge",
    ),
    "calculations of the legend": (
        {"options": {"legend": {"calcs": ["min", "max"]}}},
        "options.legend.calcs",
        "legend values min, max → max, min",
    ),
    "columns that sort a table": (
        {"options": {"sortBy": [{"displayName": "a"}, {"displayName": "b"}]}},
        "options.sortBy",
        "options.sortBy[0].displayName: a → b; options.sortBy[1].displayName: b → a",
    ),
}  # fmt: skip


def turned(value: Any, path: str) -> Any:
    """The value with a list in it the other way round."""
    made = copy.deepcopy(value)
    inner = made
    for step in path.split("."):
        inner = inner[step]
    inner.reverse()
    return made


@pytest.mark.parametrize("name", ORDERED)
def test_another_order_of_a_dashboard_s_list_is_a_change(name):
    data, path, sentence = ORDERED[name]
    assert said(data, turned(data, path)) == [sentence]
    assert said(data, copy.deepcopy(data)) == []


@pytest.mark.parametrize("name", OF_A_PANEL)
def test_another_order_of_a_panel_s_list_is_a_change(name):
    changes, path, sentences = OF_A_PANEL[name]
    one = panel(1, "Orders", **changes)
    wanted = [f'panel "Orders": {sentence}' for sentence in sentences.split("; ")]
    assert said(dashboard(one), dashboard(turned(one, path))) == wanted


def test_of_two_panels_in_one_place_the_first_of_the_list_stays_there():
    one, other = panel(1, "A"), panel(2, "B")
    assert said(dashboard(one, other), dashboard(other, one)) == ['panel "A": moved behind "B"']


def test_the_same_in_a_collapsed_row():
    def row(*panels):
        return {"id": 9, "type": "row", "title": "R", "collapsed": True, "panels": list(panels), "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}}  # fmt: skip

    one, other = panel(1, "A", y=1), panel(2, "B", y=1)
    assert said(dashboard(row(one, other)), dashboard(row(other, one))) == ['panel "A": moved behind "B"']


def test_what_is_added_or_removed_is_not_another_order():
    three = [*LINKS, {"title": "Three", "url": "/three"}]
    found = said(dashboard(links=LINKS), dashboard(links=[three[2], *LINKS]))
    assert len(found) == 1
    assert "order" not in found[0]


def test_what_got_another_name_in_its_place_is_not_another_order():
    renamed = [{**SOURCES[0], "name": "c"}, SOURCES[1]]
    found = said(dashboard(templating={"list": SOURCES}), dashboard(templating={"list": renamed}))
    assert found == ["variable $c: renamed from $a"]


def test_panels_and_tags_stand_in_any_order_in_the_json():
    apart = [panel(1, "A"), panel(2, "B", x=12)]
    before = dashboard(*apart, tags=["a", "b"])
    assert said(before, dashboard(*reversed(apart), tags=["b", "a"])) == []


def _rules(*titles: str, **group: Any) -> list[Resource]:
    made = [{"uid": title.lower(), "title": title, "condition": "A", "data": []} for title in titles]
    return list(rules_of_file({"name": "g", "folder": "F", "interval": "1m", "rules": made, **group}))


def _of_prometheus(*names: str) -> list[Resource]:
    return list(
        server_rules(
            [{"name": "g", "rules": [{"record": name, "expr": "up"} for name in names]}], "prometheus"
        )
    )


def _told(before: list[Resource], after: list[Resource]) -> list[str]:
    old = {resource.key: resource for resource in before}
    found = [details(old[resource.key], resource) for resource in after if resource.key in old]
    return [detail.sentence for some in found for detail in some]


def test_rules_are_evaluated_in_their_order():
    assert _told(_rules("One", "Two"), _rules("Two", "One")) == ["rules in another order: Two, One"]
    assert _told(_rules("1", "2", "3"), _rules("3", "1", "2")) == ["rule 3 moved to the top"]
    assert _told(_rules("1", "2", "3", "4"), _rules("2", "3", "1", "4")) == ["rule 1 moved behind 3"]
    assert _told(_rules("1", "2", "3"), _rules("3", "2", "1")) == ["rules in another order: 3, 2, 1"]
    assert _told(_of_prometheus("a", "b"), _of_prometheus("b", "a")) == ["rules in another order: b, a"]
    assert _told(_rules("One", "Two"), _rules("New", "One", "Two")) == []


def _policies(**root: Any) -> list[Resource]:
    return list(policies_of_file([{"receiver": "ops", **root}]))


ROUTES = [{"receiver": "a", "object_matchers": [["x", "=", "1"]]}, {"receiver": "b", "object_matchers": [["y", "=", "1"]]}]  # fmt: skip


def test_the_first_policy_that_matches_counts():
    found = _told(_policies(routes=ROUTES), _policies(routes=ROUTES[::-1]))
    assert found == ["policies in another order: the first that matches counts"]


def test_what_holds_together_or_any_of_which_holds_has_no_order():
    matchers = [["x", "=", "1"], ["y", "=", "2"]]
    before = _policies(
        group_by=["a", "b"],
        routes=[{"receiver": "a", "object_matchers": matchers, "mute_time_intervals": ["m", "n"]}],
    )
    after = _policies(group_by=["b", "a"], routes=[{"receiver": "a", "object_matchers": matchers[::-1], "mute_time_intervals": ["n", "m"]}])  # fmt: skip
    assert _told(before, after) == []
    assert before[0].data == after[0].data


def test_a_mute_timing_holds_in_any_of_its_times():
    times = [
        {"weekdays": ["saturday", "sunday"], "times": [{"start_time": "08:00", "end_time": "09:00"}, {"start_time": "10:00", "end_time": "11:00"}]},
        {"months": ["may", "june"]},
    ]  # fmt: skip
    other = [times[1], {"weekdays": ["sunday", "saturday"], "times": times[0]["times"][::-1]}]
    before, after = (list(mute_timings([{"name": "m", "time_intervals": some}])) for some in (times, other))
    assert _told(before, after) == []
    assert before[0].data == after[0].data


def test_all_receivers_of_a_contact_point_get_a_notification():
    receivers = [{"uid": "a", "type": "email", "settings": {"addresses": "a@example.com"}}, {"uid": "b", "type": "slack", "settings": {"recipient": "#ops"}}]  # fmt: skip
    before, after = (list(contact_points_of_file([{"name": "ops", "receivers": some}])) for some in (receivers, receivers[::-1]))  # fmt: skip
    assert _told(before, after) == []


def test_receivers_without_a_uid_are_told_apart_by_their_kind():
    receivers = [{"type": "email", "settings": {"addresses": "a@example.com"}}, {"type": "slack", "settings": {"recipient": "#ops"}}]  # fmt: skip
    before, after = (list(contact_points_of_file([{"name": "ops", "receivers": some}])) for some in (receivers, receivers[::-1]))  # fmt: skip
    assert _told(before, after) == []


def test_mappings_that_the_editor_lists_in_another_order_are_one_change():
    def texts(first, second):
        return [
            {
                "type": "value",
                "options": {"0": {"text": "a", "index": first}, "1": {"text": "b", "index": second}},
            }
        ]

    before, after = (panel(1, "Orders", **_fields(mappings=texts(*pair))) for pair in ((0, 1), (1, 0)))
    assert said(dashboard(before), dashboard(after)) == ['panel "Orders": mappings in another order: 1, 0']
