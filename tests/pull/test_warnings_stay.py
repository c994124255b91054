"""An edit in Grafana of a panel that has data warnings changes what was edited, and leaves the warnings."""

from pathlib import Path
from typing import Any

import pytest

from tests.pull.support import Pulled, open_specs, panel

SPEC = """\
kind: Dashboard
uid: shop
title: Shop
panels:
  - title: Users
    type: KIND
    query: sum by (tier) (users)
    unit: short
    warnings:
      - query: sum(users) < 30   # few
        message: fewer than 30 users
        fix: wait
"""


def _unit(data: dict[str, Any]) -> None:
    panel(data, "Users")["fieldConfig"]["defaults"]["unit"] = "percent"


def _title(data: dict[str, Any]) -> None:
    panel(data, "Users")["title"] = "All users"


def _query(data: dict[str, Any]) -> None:
    target = panel(data, "Users")["targets"][0]
    target["expr"] = target["expr"].replace("by (tier) (users)", "by (tier) (users) * 2")
    if "or label_replace" in target["expr"]:
        target["expr"] = f"({target['expr'].replace(chr(10), ')' + chr(10), 1)}"


@pytest.mark.parametrize("kind", ["timeseries", "stat", "table"])
@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (lambda _: None, ""),
        (_unit, "-    unit: short\n+    unit: percent"),
        (_query, "-    query: sum by (tier) (users)\n+    query: sum by (tier) (users) * 2"),
    ],
)
def test_what_was_edited_changes_and_the_warnings_stay(
    tmp_path: Path, kind: str, edit: Any, changed: str
) -> None:
    pulled = Pulled(open_specs(tmp_path, {"specs/shop.yaml": SPEC.replace("KIND", kind)}), "shop", edit)
    assert pulled.changed == changed
    assert pulled.rest == {}


@pytest.mark.parametrize("kind", ["timeseries", "stat", "table"])
def test_a_new_title_keeps_the_warnings(tmp_path: Path, kind: str) -> None:
    pulled = Pulled(open_specs(tmp_path, {"specs/shop.yaml": SPEC.replace("KIND", kind)}), "shop", _title)
    assert "+  - title: All users" in pulled.changed
    assert "warning" not in pulled.changed
    assert pulled.rest == {}
