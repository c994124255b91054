"""What a scaler draws on a panel stays out of the specs of the dashboard when edits in Grafana are taken back."""

from pathlib import Path
from typing import Any

import pytest

from tests.pull.support import Edit, Pulled, open_specs, panel

FILES = {
    "specs/shop.yaml": """\
kind: Dashboard
uid: shop
title: Shop
panels:
  - title: Requests
    query: sum by (code) (rate(requests_total[5m])) * 60
    unit: reqpm
  - title: Other
    query: up
""",
    "specs/scaler.yaml": """\
kind: Scaler
name: shop
target: deployment/shop
query: sum(rate(requests_total[5m])) * 60
threshold: 60
replicas: {min: 1, max: 10}
panel: shop/requests
replicas_panel: true
""",
}


def query(live: dict[str, Any]) -> None:
    panel(live, "Requests")["targets"][0]["expr"] = "sum by (status) (rate(requests_total[5m])) * 60"


def unit(live: dict[str, Any]) -> None:
    panel(live, "Requests")["fieldConfig"]["defaults"]["unit"] = "short"


def color(live: dict[str, Any]) -> None:
    panel(live, "Other")["fieldConfig"]["defaults"]["color"] = {"mode": "fixed", "fixedColor": "red"}


def width(live: dict[str, Any]) -> None:
    first, second = panel(live, "Requests")["gridPos"], panel(live, "Other")["gridPos"]
    first["w"] += 2
    second["x"] += 2
    second["w"] -= 2


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (query, "+    query: sum by (status) (rate(requests_total[5m])) * 60"),
        (unit, "+    unit: short"),
        (color, "+    color: red"),
        (width, "+    width: 6"),
    ],
)
def test_an_edit_beside_what_a_scaler_drew_is_taken_back_alone(
    tmp_path: Path, edit: Edit, changed: str
) -> None:
    pulled = Pulled(open_specs(tmp_path, FILES), "shop", edit)
    assert changed in pulled.changed
    assert pulled.rest == {}
    assert "Load for shop" not in pulled.text
    assert "clamp" not in pulled.text


def test_nothing_is_written_without_an_edit(tmp_path: Path) -> None:
    assert Pulled(open_specs(tmp_path, FILES), "shop", lambda _: None).text == ""


def title_of_replicas(live: dict[str, Any]) -> None:
    panel(live, "Replicas for this load")["title"] = "Copies"


def color_of_load(live: dict[str, Any]) -> None:
    override = panel(live, "Requests")["fieldConfig"]["overrides"][0]
    override["properties"][0]["value"]["fixedColor"] = "red"


@pytest.mark.parametrize("edit", [title_of_replicas, color_of_load])
def test_an_edit_of_what_a_scaler_drew_breaks_nothing(tmp_path: Path, edit: Edit) -> None:
    pulled = Pulled(open_specs(tmp_path, FILES), "shop", edit)
    assert not pulled.project.built(pulled.patch.texts).problems
