"""Transformations give what @grafana/data gives."""

import json
import math
from pathlib import Path

import pytest

from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.transformations.transform import transform

# Written by tests/tools/grafana_transformations.cjs from @grafana/data 12.4.3.
CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("transformations.jsonl").read_text("utf-8").splitlines()
]


def frames_of(written):
    return [
        Frame(
            [
                Field(
                    one["name"],
                    one["type"],
                    list(one["values"]),
                    one.get("labels"),
                    dict(one.get("config") or {}),
                )
                for one in frame["fields"]
            ],
            frame.get("refId") or "",
            frame.get("name") or "",
        )
        for frame in written
    ]


def cell(value):
    if isinstance(value, dict) and set(value) == {"number"}:
        return float(value["number"].replace("Infinity", "inf"))
    return value


def comparable(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return "NaN" if math.isnan(value) else value if math.isinf(value) else pytest.approx(value)


def shown(frames):
    return [
        [(display_name(one, frame, frames), one.kind, list(one.values)) for one in frame.fields] for frame in frames
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_recorded_transformation(case):
    frames = frames_of(case["frames"])
    before = shown(frames)
    result = shown(transform(frames, case["transformations"]))
    if isinstance(case["result"], str):
        # Grafana fails here; a preview shows what came before.
        assert result == before
        return
    expected = [
        [
            (one["title"], one["type"], [comparable(cell(value)) for value in one["values"]])
            for one in frame["fields"]
        ]
        for frame in case["result"]
    ]
    plain = [
        [(title, kind, ["NaN" if isinstance(one, float) and math.isnan(one) else one for one in values])
         for title, kind, values in frame]
        for frame in result
    ]  # fmt: skip
    assert plain == expected
    assert shown(frames) == before


def test_there_are_many_cases():
    assert len(CASES) >= 150
    assert len({one["id"] for case in CASES for one in case["transformations"]}) >= 24
