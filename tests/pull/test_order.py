"""What stands in another order in Grafana is moved in the specs, with its comments and its spelling."""

import pytest

from tests.pull.support import Pulled, open_specs

SPEC = """\
kind: Dashboard
uid: shop
title: Shop
variables:
  - {name: a, query: "label_values(up, a)"}   # first
  - {name: b, query: "label_values(up, b)"}
annotations:
  - {name: One, query: "changes(a[1m])"}
  # the second
  - {name: Two, query: "changes(b[1m])"}
links:
  - {title: One, url: "https://a.example"}
  - {title: Two, url: "https://b.example"}
panels:
  - title: Orders
    queries:
      - {ref: ok, query: "sum(x)"}
      # broken ones
      - {ref: bad, query: "sum(y)"}
    panel_links:
      - {title: P1, url: "https://a.example"}
      - {title: P2, url: "https://b.example"}
    links:
      - {title: D1, url: "https://a.example"}
      - {title: D2, url: "https://b.example"}
    mappings:
      0..5: low
      5..9: high
    transformations:
      - {merge: {}}
      - {reduce: {reducers: [max]}}
    overrides:
      - {name: x, unit: s}
      # all of them
      - {regex: "/.*/", unit: ms}
  - title: By name
    queries:
      fast: sum(f)
      slow: sum(s)
"""


def _fields(data):
    return data["panels"][0]["fieldConfig"]


def _mappings(data):
    result = _fields(data)["defaults"]["mappings"]
    result.reverse()
    for index, mapping in enumerate(result):
        mapping["options"]["result"]["index"] = index


def _with_an_edit(data):
    targets = data["panels"][0]["targets"]
    targets.reverse()
    targets[0]["expr"] = "sum(z)"


def _swapped(items):
    items[0], items[1] = items[1], items[0]


MOVED = {
    "variables": (lambda data: _swapped(data["templating"]["list"]), '  - {name: b, query: "label_values(up, b)"}'),
    "annotations": (
        lambda data: data["annotations"]["list"].append(data["annotations"]["list"].pop(1)),
        '  - {name: One, query: "changes(a[1m])"}',
    ),
    "links": (lambda data: _swapped(data["links"]), '  - {title: Two, url: "https://b.example"}'),
    "queries": (lambda data: _swapped(data["panels"][0]["targets"]), '      - {ref: ok, query: "sum(x)"}'),
    "panel links": (lambda data: _swapped(data["panels"][0]["links"]), '      - {title: P2, url: "https://b.example"}'),
    "data links": (lambda data: _swapped(_fields(data)["defaults"]["links"]), '      - {title: D2, url: "https://b.example"}'),
    "transformations": (lambda data: _swapped(data["panels"][0]["transformations"]), "      - {reduce: {reducers: [max]}}"),
    "overrides": (lambda data: _swapped(_fields(data)["overrides"]), "      - {name: x, unit: s}"),
    "queries by their legends": (lambda data: _swapped(data["panels"][1]["targets"]), ""),
    "mappings": (_mappings, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVED)
def test_an_item_that_was_moved_is_moved(tmp_path, name):
    edit, line = MOVED[name]
    result = Pulled(open_specs(tmp_path, {"specs/shop.yaml": SPEC}), "shop", edit)
    assert result.rest == {}
    assert result.changed
    assert result.lost_comments == []
    if line:
        assert sorted(result.changed.splitlines()) == [f"+{line}", f"-{line}"]


def test_what_was_moved_and_edited_is_both(tmp_path):
    result = Pulled(open_specs(tmp_path, {"specs/shop.yaml": SPEC}), "shop", _with_an_edit)
    assert result.rest == {}
    assert result.lost_comments == []
    assert '+      - {ref: bad, query: "sum(z)"}' in result.changed
