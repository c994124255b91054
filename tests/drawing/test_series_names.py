"""The names of series in legends, as Grafana's script for Prometheus gives them."""

from typing import Any

import pytest

from dashgen.drawing.answers.prometheus_frames import name_series, prometheus_frames
from dashgen.drawing.fields.field_names import display_name


def names(*label_sets: dict[str, str], legend: str = "__auto") -> list[str]:
    """The names of the series of one target."""
    target = {"refId": "A", "expr": "x", "legendFormat": legend}
    result: list[dict[str, Any]] = [{"metric": labels, "values": [[1, "1"]]} for labels in label_sets]
    frames = prometheus_frames({"resultType": "matrix", "result": result}, target)
    name_series(frames, [target])
    return [display_name(frame.fields[1], frame, frames) for frame in frames]


@pytest.mark.parametrize(
    ("label_sets", "expected"),
    [
        ([{"__name__": "queue_depth"}], ["queue_depth"]),
        ([{"__name__": "up", "job": "shop"}], ['{__name__="up", job="shop"}']),
        ([{"job": "shop"}], ["shop"]),
        ([{}], ["x"]),
    ],
)
def test_an_automatic_legend_names_a_metric_once(label_sets, expected):
    assert names(*label_sets) == expected


def test_a_written_legend_stays():
    assert names({"__name__": "up", "job": "shop"}, legend="{{job}}") == ["shop"]
